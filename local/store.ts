import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose from 'mongoose';
import type { MongoChoice } from './find/mongodb.ts';
import { ROOT, type Paths } from './paths.ts';
import type { ProcessSpec } from './processes.ts';

const DATABASE = 'parley';
const REPLICA_SET = 'parley';
/** A first start makes the data directory; one after a crash replays its log. */
const READY_TIMEOUT = 180_000;
const GRACE = 40_000;
const PING_TIMEOUT = 2_000;

/** A store to run, and the URL it will have. */
export interface LocalStore {
  readonly spec: ProcessSpec;
  readonly url: string;
}

/** How to run the chosen store on `port` with its data below the cluster's folder. */
export async function localStore(
  choice: Exclude<MongoChoice, { kind: 'url' }>,
  port: number,
  paths: Paths,
  code: 'built' | 'source',
): Promise<LocalStore> {
  return choice.kind === 'mongod'
    ? await mongod(choice.program, port, paths)
    : documentDB(choice.root, port, paths, code);
}

async function mongod(program: string, port: number, paths: Paths): Promise<LocalStore> {
  const data = join(paths.data, 'mongodb');
  await mkdir(data, { recursive: true });
  const address = `127.0.0.1:${port}`;
  const args = ['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', REPLICA_SET];
  return {
    spec: {
      ...common(paths),
      program,
      args,
      isReady: () => isPrimary(`mongodb://${address}/?directConnection=true`, address),
    },
    url: `mongodb://${address}/${DATABASE}?replicaSet=${REPLICA_SET}`,
  };
}

function documentDB(root: string, port: number, paths: Paths, code: 'built' | 'source'): LocalStore {
  const data = join(paths.data, 'documentdb');
  const url = `mongodb://127.0.0.1:${port}/${DATABASE}`;
  const entry =
    code === 'built'
      ? [join(ROOT, 'dist/local/documentdb/main.js')]
      : ['--import', 'tsx', join(ROOT, 'local/documentdb/main.ts')];
  const args = [...entry, '--root', root, '--data', data, '--port', String(port)];
  return {
    spec: { ...common(paths), program: process.execPath, args, cwd: ROOT, isReady: () => isUp(url) },
    url,
  };
}

const common = (paths: Paths) => ({
  name: 'mongodb',
  log: join(paths.logs, 'mongodb.log'),
  readyTimeout: READY_TIMEOUT,
  grace: GRACE,
});

async function isUp(url: string): Promise<boolean> {
  return await withClient(url, async (client) => {
    await client.db('admin').command({ ping: 1 });
    return true;
  });
}

/** Makes a fresh mongod the one node of its replica set, and tells whether it takes writes. */
async function isPrimary(url: string, address: string): Promise<boolean> {
  return await withClient(url, async (client) => {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['setName'] === undefined)
      await admin.command({
        replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host: address }] },
      });
    return hello['isWritablePrimary'] === true && hello['setName'] === REPLICA_SET;
  });
}

async function withClient(
  url: string,
  use: (client: mongoose.mongo.MongoClient) => Promise<boolean>,
): Promise<boolean> {
  const client = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: PING_TIMEOUT });
  try {
    return await use(client);
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
