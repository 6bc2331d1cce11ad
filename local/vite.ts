import { join } from 'node:path';
import { ROOT, type Paths } from './paths.ts';
import type { ProcessSpec } from './processes.ts';
import { answers } from './http.ts';

const CONFIG = join(ROOT, 'client', 'vite.config.ts');
export const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
export const VITE_CONFIG = CONFIG;

/** How to run Vite's development server; the browser reaches it through NGINX, its socket for hot reload too. */
export function viteSpec(port: number, publicPort: number, paths: Paths): ProcessSpec {
  const listen = ['--host', '127.0.0.1', '--port', String(port), '--strictPort'];
  return {
    name: 'vite',
    program: process.execPath,
    args: [VITE, '--config', CONFIG, ...listen],
    cwd: ROOT,
    env: { VITE_PUBLIC_PORT: String(publicPort) },
    log: join(paths.logs, 'vite.log'),
    isReady: () => answers(`http://127.0.0.1:${port}/`),
    grace: 3_000,
  };
}
