import { mkdir, readFile, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { renderNginx } from '../nginx/render.ts';
import type { Certificates } from './certificates.ts';
import { run } from './command.ts';
import { SetupError } from './errors.ts';
import { writeAtomically } from './files.ts';
import type { NginxChoice } from './find/nginx.ts';
import type { Capacity } from './limits.ts';
import { LogFile } from './logfile.ts';
import type { NodePorts } from './nodes.ts';
import { ROOT, type Paths } from './paths.ts';
import type { ProcessSpec } from './processes.ts';

/** Short, since it binds all of localhost: other programs people develop there speak plain HTTP. */
const LOCAL_HSTS_SECONDS = 300;

/** What stays the same of a running NGINX. */
export interface NginxBase {
  readonly choice: NginxChoice;
  readonly paths: Paths;
  readonly port: number;
  readonly httpPort: number;
  readonly ipv6: boolean;
  readonly certificates: Certificates;
  /** `host:port` of Vite, in development. */
  readonly vite: string | undefined;
}
/** What a change of scale changes. */
export interface NginxUpstreams {
  readonly api: readonly NodePorts[];
  readonly gateways: readonly NodePorts[];
  readonly capacity: Capacity;
}

/** Writes the configuration and has NGINX itself check it; throws SetupError with its complaint. */
export async function configureNginx(base: NginxBase, upstreams: NginxUpstreams): Promise<void> {
  await mkdir(base.paths.nginx, { recursive: true });
  const template = await readFile(join(ROOT, 'nginx', 'nginx.conf.template'), 'utf8');
  const config = configPath(base.paths);
  // NGINX would make its logs readable to all; they hold people's addresses.
  for (const log of nginxLogs(base.paths)) new LogFile(log).withDescriptor(() => undefined);
  await writeAtomically(config, renderNginx(template, await settings(base, upstreams)));
  const { ok, output } = await run(base.choice.program, [...args(base.paths), '-t']);
  if (!ok) throw new SetupError(`nginx refuses ${config}: ${output.replace(/\s+/g, ' ').slice(0, 400)}`);
}

/** How to run NGINX with that configuration. */
export function nginxSpec(base: NginxBase): ProcessSpec {
  return {
    name: 'nginx',
    program: base.choice.program,
    args: args(base.paths),
    cwd: base.paths.nginx,
    log: join(base.paths.logs, 'nginx.log'),
    isReady: () => accepts(base.port),
    readyTimeout: 15_000,
    // Fast: the nodes behind it have said goodbye to their people before it goes.
    grace: 5_000,
  };
}

/** Access and error logs, which NGINX opens itself. */
export const nginxLogs = (paths: Paths): readonly string[] => [
  join(paths.logs, 'nginx-access.log'),
  join(paths.logs, 'nginx-error.log'),
];

const configPath = (paths: Paths): string => join(paths.nginx, 'nginx.conf');
const args = (paths: Paths): readonly string[] => [
  ...['-p', paths.nginx, '-c', configPath(paths)],
  ...['-e', join(paths.logs, 'nginx-error.log')],
];

async function settings(base: NginxBase, { api, gateways, capacity }: NginxUpstreams) {
  const { paths, certificates } = base;
  const hosts = ['127.0.0.1', ...(base.ipv6 ? ['[::1]'] : [])];
  const client = join(ROOT, 'dist', 'client');
  const [accessLog = '', errorLog = ''] = nginxLogs(paths);
  return {
    run: paths.nginx,
    user: await workerUser([client, paths.nginx]),
    accessLog,
    errorLog,
    mimeTypes: join(ROOT, 'nginx', 'mime.types'),
    workers: capacity.nginxWorkers,
    connections: capacity.nginxConnections,
    files: capacity.nginxFiles,
    certificate: certificates.certificate,
    key: certificates.key,
    https: hosts.map((host) => `${host}:${base.port}`),
    http: hosts.map((host) => `${host}:${base.httpPort}`),
    publicPort: base.port,
    api: api.map((node) => `127.0.0.1:${node.port}`),
    gateways: gateways.map((node) => `127.0.0.1:${node.port}`),
    client,
    vite: base.vite,
    hstsSeconds: LOCAL_HSTS_SECONDS,
    version: base.choice.version,
  };
}

/**
 * The account NGINX's workers run as when its master is root: one without rights, unless the folders they read lie
 * where only root may look (below /root, say).
 */
async function workerUser(folders: readonly string[]): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const open = (await Promise.all(folders.map(isOpenToAll))).every(Boolean);
  return open && /^www-data:/m.test(accounts) ? 'www-data' : 'root';
}

const SEARCHABLE = 0o001;

async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path).catch(() => ({ mode: SEARCHABLE }));
  if ((mode & SEARCHABLE) === 0) return false;
  return dirname(path) === path ? true : await isOpenToAll(dirname(path));
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const done = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
