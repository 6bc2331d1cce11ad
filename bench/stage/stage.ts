import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { Backing } from '../../local/backing.ts';
import type { Output } from '../../local/output.ts';
import { pathsOf, type Paths } from '../../local/paths.ts';
import { Ports } from '../../local/ports.ts';
import { loadSecrets, type Secrets } from '../../local/secrets.ts';
import { ensureServers } from '../../local/servers.ts';
import { deathPrefix } from '../../local/undertaker.ts';

/** What every system under test stands on: one Redis, one store, and ports. */
export interface Stage {
  readonly paths: Paths;
  readonly output: Output;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly redisUrl: string;
  readonly redis: Redis;
  /** Commands in front of a child that end it with this process. */
  readonly prefix: readonly string[];
  /** What the store is, for the page. */
  readonly about: string;
  readonly client: mongoose.mongo.MongoClient;
  /** URL of a database of this run's own; dropped at the end. */
  readonly databaseUrl: (name: string) => string;
  readonly database: (name: string) => mongoose.mongo.Db;
  readonly stop: () => Promise<void>;
}

/** Starts the servers (or takes those named by REDIS_URL and MONGODB_URL) on a fresh folder below `data`. */
export async function startStage(data: string, output: Output): Promise<Stage> {
  const paths = pathsOf(join(data, 'stage'));
  await rm(paths.data, { recursive: true, force: true });
  for (const folder of [paths.run, paths.logs]) await mkdir(folder, { recursive: true });
  const [secrets, prefix] = await Promise.all([loadSecrets(paths.secrets), deathPrefix()]);
  const servers = await ensureServers(process.env, output);
  const ports = new Ports();
  const onTrouble = (name: string, text: string): void => output.warn(name, text);
  const events = { onChange: () => undefined, onTrouble };
  const backing = new Backing({ paths, output, events, ports, code: 'built', checkpoint: () => undefined });
  const urls = await backing.startServers(servers, secrets.REDIS_PASSWORD, prefix).catch(async (error) => {
    await backing.stop();
    throw error;
  });
  const client = await new mongoose.mongo.MongoClient(urls.mongodbUrl).connect();
  const redis = new Redis(urls.redisUrl);
  redis.on('error', (error) => output.warn('redis', error.message));
  const suffix = randomBytes(4).toString('hex');
  const used = new Set<string>();
  const nameOf = (name: string): string => {
    used.add(`bench-${name}-${suffix}`);
    return `bench-${name}-${suffix}`;
  };
  return {
    ...{ paths, output, ports, secrets, prefix, client, redis },
    redisUrl: urls.redisUrl,
    about: servers.mongo.about.replace(/ (in|at) \/\S+.*$/, ''),
    database: (name) => client.db(nameOf(name)),
    databaseUrl: (name) => {
      const url = new URL(urls.mongodbUrl);
      url.pathname = `/${nameOf(name)}`;
      return url.href;
    },
    stop: async () => {
      for (const name of used) await client.db(name).dropDatabase();
      await client.close();
      redis.disconnect();
      await backing.stop();
      ports.close();
    },
  };
}
