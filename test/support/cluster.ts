import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import type { ClusterOptions } from '../../local/cluster-options.ts';
import { startCluster, type Cluster } from '../../local/cluster.ts';
import { Person, type Place } from './person.ts';

export interface TestCluster {
  readonly cluster: Cluster;
  readonly place: Place;
  register(prefix?: string): Promise<Person>;
  /** ws://… of the nth gateway, past NGINX: for tests that must know which one they talk to. */
  gateway(n: number): string;
  /** http://… of the nth API node's public port. */
  api(n: number): string;
  /** Resolves when every process that a fault ended runs again. */
  whole(): Promise<void>;
  stop(): Promise<void>;
}

/** A whole cluster of its own on free ports, with data that goes when it stops. bcrypt at its cheapest. */
export async function startTestCluster(options: Partial<ClusterOptions> = {}): Promise<TestCluster> {
  const data = await mkdtemp(join(tmpdir(), 'parley-cluster-'));
  const given = givenStore();
  const cluster = await startCluster({
    data,
    api: 2,
    gateways: 2,
    port: 0,
    httpPort: 0,
    serverEnv: given.env,
    ...options,
    env: { BCRYPT_COST: '4', NODE_ENV: 'test', RATE_LIMITS: 'off', ...options.env },
  }).catch(async (error: unknown) => {
    await rm(data, { recursive: true, force: true });
    throw error;
  });
  const place = { origin: cluster.origin, ca: await readFile(cluster.caCertificate, 'utf8') };
  const port = (nodes: readonly { readonly port: number }[], n: number): number => {
    const node = nodes[n];
    if (node === undefined) throw new Error(`there is no node ${n}`);
    return node.port;
  };
  return {
    cluster,
    place,
    register: (prefix) => Person.register(place, prefix),
    gateway: (n) => `http://127.0.0.1:${port(cluster.gateways, n)}`,
    api: (n) => `http://127.0.0.1:${port(cluster.apiNodes, n)}`,
    whole: async () => {
      while (!cluster.processes.every((process) => process.isRunning))
        await new Promise((resolve) => setTimeout(resolve, 50));
    },
    stop: async () => {
      await cluster.stop();
      await given.drop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/**
 * Where a MongoDB is given, a database of this cluster's own in it, dropped at the end. A given Redis is not used: the
 * tests kill theirs.
 */
function givenStore(): { readonly env: NodeJS.ProcessEnv; readonly drop: () => Promise<void> } {
  const { REDIS_URL: _redis, ...env } = process.env;
  if (env['MONGODB_URL'] === undefined) return { env, drop: async () => undefined };
  const url = new URL(env['MONGODB_URL']);
  url.pathname = `/test-${randomBytes(6).toString('hex')}`;
  const drop = async (): Promise<void> => {
    const client = new mongo.MongoClient(url.href);
    await client.db().dropDatabase();
    await client.close();
  };
  return { env: { ...env, MONGODB_URL: url.href }, drop };
}
