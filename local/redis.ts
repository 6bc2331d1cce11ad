import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { Paths } from './paths.ts';
import type { ProcessSpec } from './processes.ts';

/** ms one look at Redis may take. */
const TIMEOUT = 1_000;

/** How to run a Redis of the cluster's own: nothing on disk, since it holds nothing that cannot be rebuilt. */
export async function redisSpec(
  program: string,
  port: number,
  password: string,
  paths: Paths,
): Promise<ProcessSpec> {
  await mkdir(paths.redis, { recursive: true });
  const config = join(paths.redis, 'redis.conf');
  // In a file, because arguments can be read by everyone on the machine.
  await writeFile(config, `${settings(port, password, paths).join('\n')}\n`, { mode: 0o600 });
  return {
    name: 'redis',
    program,
    args: [config],
    cwd: paths.redis,
    log: join(paths.logs, 'redis.log'),
    isReady: () => answersPing(port, password),
    readyTimeout: 15_000,
    grace: 5_000,
  };
}

export const redisUrl = (port: number, password: string): string => `redis://:${password}@127.0.0.1:${port}`;

const settings = (port: number, password: string, paths: Paths): readonly string[] => [
  'bind 127.0.0.1',
  `port ${port}`,
  `requirepass ${password}`,
  'daemonize no',
  'save ""',
  'appendonly no',
  `dir "${paths.redis}"`,
  'maxclients 4096',
];

async function answersPing(port: number, password: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const done = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.setTimeout(TIMEOUT, () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('+PONG')) done(true);
      else if (answer.includes('-')) done(false);
    });
    socket.write(`AUTH ${password}\r\nPING\r\n`);
  });
}
