import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answers } from '../../local/http.ts';
import { ROOT } from '../../local/paths.ts';
import { Supervised, type ProcessSpec } from '../../local/processes.ts';
import { sleep } from '../measure/clock.ts';
import { cpuMicros } from '../measure/process.ts';
import type { Stage } from './stage.ts';

/** A server under test that runs. */
export interface Measured {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** µs so far, user and system. */
  cpu(): Promise<number>;
  /** Bytes of RSS after a forced collection of garbage. */
  rss(): Promise<number>;
  stop(): Promise<void>;
}

export interface Launch {
  /** Folder for the `.cpuprofile` a process writes when it ends; none where not given. */
  readonly profileTo?: string | undefined;
}

const PROBE_WAIT = 60_000;
const PROBE_POLL = 50;
const GRACE = 15_000;

/** Node's arguments in front of a server's own, the same for every system. */
export function nodeArguments({ profileTo }: Launch): readonly string[] {
  return [
    '--expose-gc',
    '--import',
    join(ROOT, 'dist/bench/probe.js'),
    ...(profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`]),
  ];
}

/** Starts one server and waits until it answers. It is an error if it dies: a measurement with a restart is none. */
export async function launch(stage: Stage, spec: ProcessSpec, port: number): Promise<Measured> {
  const probe = join(stage.paths.run, `${spec.name}.probe`);
  await rm(probe, { force: true });
  const env = { ...spec.env, BENCH_PROBE: probe };
  const process = new Supervised(
    { ...spec, env },
    { onChange: () => undefined, onTrouble: (name, text) => stage.output.warn(name, text) },
    stage.prefix,
  );
  await process.start();
  while (process.identity === undefined) await sleep(10);
  const { pid } = process.identity;
  const check = (): void => {
    if (process.identity?.pid !== pid) throw new Error(`${spec.name} died during a measurement`);
  };
  return {
    name: spec.name,
    port,
    pid,
    cpu: async () => {
      check();
      return await cpuMicros(pid);
    },
    rss: async () => {
      check();
      return await askProbe(process, probe);
    },
    stop: () => process.stop(),
  };
}

/** How to run one of the baseline servers of bench/servers. */
export function baselineSpec(
  stage: Stage,
  options: Launch & {
    readonly name: string;
    readonly script: string;
    readonly port: number;
    readonly env: Readonly<Record<string, string>>;
  },
): ProcessSpec {
  const { name, script, port, env } = options;
  return {
    name,
    program: process.execPath,
    args: [...nodeArguments(options), join(ROOT, 'dist/bench', script)],
    cwd: ROOT,
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      REDIS_URL: stage.redisUrl,
      JWT_SECRET: stage.secrets.JWT_SECRET,
      ...env,
    },
    log: join(stage.paths.logs, `${name}.log`),
    isReady: () => answers(`http://127.0.0.1:${port}/healthz`),
    grace: GRACE,
  };
}

async function askProbe(process: Supervised, file: string): Promise<number> {
  await rm(file, { force: true });
  await process.kill('SIGUSR2');
  for (let waited = 0; waited < PROBE_WAIT; waited += PROBE_POLL) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return readRss(text);
    await sleep(PROBE_POLL);
  }
  throw new Error(`${process.spec.name} did not tell its memory`);
}

function readRss(text: string): number {
  const value: unknown = JSON.parse(text);
  const rss = typeof value === 'object' && value !== null && 'rss' in value ? value.rss : undefined;
  if (typeof rss !== 'number') throw new Error('the probe wrote no memory');
  return rss;
}
