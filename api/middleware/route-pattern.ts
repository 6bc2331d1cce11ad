import { API_PREFIX } from '../../shared/wire/rest.ts';
import type { RouteSchema } from '../routes/schemas/route.ts';

interface Pattern {
  readonly name: string;
  readonly segments: readonly string[];
}

/** Names the route that a request meets, by its pattern: few names, whatever people ask for. */
export class RoutePatterns {
  /** By method and number of segments; those with more literal segments come first. */
  readonly #patterns = new Map<string, Pattern[]>();

  constructor(routes: readonly RouteSchema[]) {
    for (const { method, path } of routes) {
      const segments = path.split('/');
      const name = `${method.toUpperCase()} ${path}`;
      const key = keyOf(method.toUpperCase(), segments.length);
      this.#patterns.set(key, [...(this.#patterns.get(key) ?? []), { name, segments }]);
    }
    for (const list of this.#patterns.values()) list.sort((a, b) => parameters(a) - parameters(b));
  }

  /** `GET /rooms/:room`, or `none`. `url`: as it came, with its query. */
  nameOf(method: string, url: string): string {
    if (!url.startsWith(`${API_PREFIX}/`)) return 'none';
    // As the router, which knows neither what is behind a # nor white space at the end.
    const end = url.search(/[?#\s]/u);
    const path = url.slice(API_PREFIX.length, end === -1 ? undefined : end);
    const segments = path.split('/');
    const found = this.#patterns
      .get(keyOf(method, segments.length))
      ?.find((pattern) =>
        pattern.segments.every(
          (segment, i) => segment === segments[i] || (segment.startsWith(':') && segments[i] !== ''),
        ),
      );
    return found?.name ?? 'none';
  }
}

const keyOf = (method: string, segments: number): string => `${method} ${segments}`;
const parameters = ({ segments }: Pattern): number => segments.filter((part) => part.startsWith(':')).length;
