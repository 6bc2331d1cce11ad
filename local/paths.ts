import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, found from this file: the same whether run from local/ or from dist/local/. */
export const ROOT = packageRoot(dirname(fileURLToPath(import.meta.url)));

function packageRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package.json not found');
  return packageRoot(parent);
}

/** Where one cluster keeps its files; everything it writes at run time stands below `data`. */
export interface Paths {
  readonly data: string;
  readonly run: string;
  readonly logs: string;
  readonly tls: string;
  readonly nginx: string;
  readonly redis: string;
  readonly secrets: string;
  /** The API nodes' internal URLs, one a line; gateways read it again when it changes. */
  readonly apiNodes: string;
}

/** The paths of the cluster whose data folder is `data` (relative to the package when not absolute). */
export function pathsOf(data: string): Paths {
  const base = resolve(ROOT, data);
  return {
    data: base,
    run: join(base, 'run'),
    logs: join(base, 'logs'),
    tls: join(base, 'tls'),
    nginx: join(base, 'nginx'),
    redis: join(base, 'redis'),
    secrets: join(base, 'secrets.json'),
    apiNodes: join(base, 'run', 'api-nodes'),
  };
}
