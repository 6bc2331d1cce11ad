/** A store and a Redis for tests: those of the environment, else own ones, started when first asked for. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMongo } from '../../local/find/mongodb.ts';
import { findRedis } from '../../local/find/redis.ts';
import { silent } from '../../local/output.ts';
import { pathsOf, type Paths } from '../../local/paths.ts';
import { Ports } from '../../local/ports.ts';
import { Supervised, type ProcessSpec } from '../../local/processes.ts';
import { redisSpec, redisUrl } from '../../local/redis.ts';
import { localStore } from '../../local/store.ts';
import { shared } from './shared.ts';

export interface TestServers {
  /** With a database of its own a call. */
  readonly mongodbUrl: string;
  readonly redisUrl: string;
}
interface Running {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const stop = (server: Running): Promise<void> => server.stop();
const everybodysStore = shared(() => start(startStore), stop);
const everybodysRedis = shared(() => start(startRedis), stop);

/** Servers that live as long as this mocha process. Give it minutes: the store may have to be installed. */
export async function startServers(): Promise<TestServers> {
  const [mongodbUrl, redis] = await Promise.all([startDatabase(), everybodysRedis()]);
  return { mongodbUrl, redisUrl: redis.url };
}

/** A database of its own in the store that lives as long as this mocha process. */
export async function startDatabase(): Promise<string> {
  const url = new URL((await everybodysStore()).url);
  url.pathname = `/test-${randomBytes(6).toString('hex')}`;
  return url.href;
}

interface Ground {
  readonly paths: Paths;
  readonly port: number;
  /** Runs it until the end. */
  readonly run: (spec: ProcessSpec) => Promise<void>;
}

async function start(server: (ground: Ground) => Promise<string>): Promise<Running> {
  const data = await mkdtemp(join(tmpdir(), 'parley-servers-'));
  const paths = pathsOf(data);
  await mkdir(paths.logs, { recursive: true });
  const ports = new Ports();
  let started: Supervised | undefined;
  const run = async (spec: ProcessSpec): Promise<void> => {
    started = new Supervised(spec, {
      onChange: () => undefined,
      onTrouble: (name, text) => console.error(`${name} ${text}`),
    });
    await started.start();
  };
  const end = async (): Promise<void> => {
    await started?.stop();
    ports.close();
    await rm(data, { recursive: true, force: true });
  };
  try {
    return { url: await server({ paths, port: await ports.take(), run }), stop: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function startStore({ paths, port, run }: Ground): Promise<string> {
  const choice = await findMongo(process.env, silent);
  if (choice.kind === 'url') return choice.url;
  const store = await localStore(choice, port, paths, 'source');
  await run(store.spec);
  return store.url;
}

async function startRedis({ paths, port, run }: Ground): Promise<string> {
  const choice = await findRedis(process.env, silent);
  if (choice.kind === 'url') return choice.url;
  const password = randomBytes(12).toString('hex');
  await run(await redisSpec(choice.program, port, password, paths));
  return redisUrl(port, password);
}
