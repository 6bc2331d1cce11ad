import { Router, type RequestHandler } from 'express';

interface Layer {
  readonly handle: unknown;
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method?: string }[] };
}
type Mounted = { readonly stack: readonly Layer[] };
type Use = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Every route of the Express application that `create` makes, as `GET /api/v1/rooms/:room`. Express forgets where a router was
 * mounted, so that is noted while `create` mounts it.
 */
export function routesOf(create: () => unknown): string[] {
  const mountedAt = new Map<unknown, string>();
  const prototype = Router.prototype as { use: Use };
  const original = prototype.use;
  prototype.use = function (this: unknown, ...args: unknown[]) {
    const [path, ...handlers] = typeof args[0] === 'string' ? args : ['', ...args];
    for (const handler of handlers.flat()) mountedAt.set(handler, path === '/' ? '' : String(path));
    return original.apply(this, args);
  };
  try {
    const app = create() as { readonly router: RequestHandler & Mounted };
    return walk(app.router, '', mountedAt).sort();
  } finally {
    prototype.use = original;
  }
}

function walk({ stack }: Mounted, prefix: string, mountedAt: ReadonlyMap<unknown, string>): string[] {
  return stack.flatMap(({ handle, route }) => {
    if (route !== undefined) {
      const path = route.path === '/' && prefix !== '' ? prefix : prefix + route.path;
      const methods = new Set(route.stack.map(({ method = 'all' }) => method.toUpperCase()));
      return [...methods].map((method) => `${method} ${path}`);
    }
    return isMounted(handle) ? walk(handle, prefix + (mountedAt.get(handle) ?? ''), mountedAt) : [];
  });
}

const isMounted = (handle: unknown): handle is Mounted =>
  typeof handle === 'function' && 'stack' in handle && Array.isArray(handle.stack);
