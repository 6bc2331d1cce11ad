import { aptInstall, canApt } from '../apt.ts';
import { onPath, run } from '../command.ts';
import { SetupError } from '../errors.ts';
import type { Output } from '../output.ts';
import { askRedis } from './ask.ts';

/** A Redis of one's own, or the program to start one with. */
export type RedisChoice =
  | { readonly kind: 'url'; readonly url: string; readonly about: string }
  | { readonly kind: 'binary'; readonly program: string; readonly about: string };

const PROGRAMS = ['redis-server', 'valkey-server'] as const;

/** REDIS_URL, else a server on PATH, else Debian's package; throws SetupError naming the choices. */
export async function findRedis(env: NodeJS.ProcessEnv, output: Output): Promise<RedisChoice> {
  const url = env['REDIS_URL'];
  if (url !== undefined && url !== '') return { kind: 'url', url, about: await askRedis(url) };
  const found = await onPath(...PROGRAMS);
  if (found !== undefined) return await describe(found, 'found');
  if (await canApt()) {
    const problem = await aptInstall(['redis-server'], 'redis', output);
    const installed = await onPath(...PROGRAMS);
    if (installed !== undefined) return await describe(installed, 'installed');
    throw new SetupError(
      `no Redis: apt-get could not install redis-server (${problem ?? 'unknown'}); ${CHOICES}`,
    );
  }
  throw new SetupError(`no Redis found: ${CHOICES}`);
}

const CHOICES = 'set REDIS_URL, or install redis-server or valkey-server';

async function describe(program: string, how: string): Promise<RedisChoice> {
  const { output } = await run(program, ['--version']);
  const name = program.endsWith('valkey-server') ? 'Valkey' : 'Redis';
  const version = /v=([\d.]+)/.exec(output)?.[1] ?? '';
  return { kind: 'binary', program, about: `${name} ${version} at ${program} (${how})` };
}
