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
  readonly mongodbUrl: string;
  readonly redisUrl: string;
  readonly stop: () => Promise<void>;
}

const everybodys = shared(startAll, (servers) => servers.stop());

/** Servers that live as long as this mocha process. Give it minutes: the store may have to be installed. */
export async function startServers(): Promise<TestServers> {
  const { mongodbUrl, redisUrl } = await everybodys();
  const url = new URL(mongodbUrl);
  url.pathname = `/test-${randomBytes(6).toString('hex')}`;
  return { mongodbUrl: url.href, redisUrl };
}

async function startAll(): Promise<Running> {
  const data = await mkdtemp(join(tmpdir(), 'parley-servers-'));
  const paths = pathsOf(data);
  await mkdir(paths.logs, { recursive: true });
  const started: Supervised[] = [];
  const ports = new Ports();
  const start = async (spec: ProcessSpec): Promise<void> => {
    const server = new Supervised(spec, {
      onChange: () => undefined,
      onTrouble: (name, text) => console.error(`${name} ${text}`),
    });
    started.push(server);
    await server.start();
  };
  const stop = async (): Promise<void> => {
    for (const server of started.toReversed()) await server.stop();
    ports.close();
    await rm(data, { recursive: true, force: true });
  };
  try {
    return {
      mongodbUrl: await startStore(paths, ports, start),
      redisUrl: await startRedis(paths, ports, start),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = (spec: ProcessSpec) => Promise<void>;

async function startStore(paths: Paths, ports: Ports, start: Start): Promise<string> {
  const choice = await findMongo(process.env, silent);
  if (choice.kind === 'url') return choice.url;
  const store = await localStore(choice, await ports.take(), paths, 'source');
  await start(store.spec);
  return store.url;
}

async function startRedis(paths: Paths, ports: Ports, start: Start): Promise<string> {
  const choice = await findRedis(process.env, silent);
  if (choice.kind === 'url') return choice.url;
  const port = await ports.take();
  const password = randomBytes(12).toString('hex');
  await start(await redisSpec(choice.program, port, password, paths));
  return redisUrl(port, password);
}
