import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import mongoose from 'mongoose';
import { installDocumentDB } from '../../local/documentdb/install.ts';
import { startDocumentDB } from '../../local/documentdb/server.ts';
import { GIVEN_URL, quiet, rejection, ROOT, temporaryData } from './store.ts';

const MAIN = fileURLToPath(new URL('../../local/documentdb/main.ts', import.meta.url));

type Main = { child: ChildProcess; url: string };

/** The store in a process of its own, once it says that it is ready. */
async function startMain(dataDir: string, extra: string[] = []): Promise<Main> {
  const args = ['--import=tsx', MAIN, '--root', ROOT, '--data', dataDir, ...extra];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const ended = once(child, 'close').then(([code]) => {
    throw new Error(`ended with ${String(code)}: ${errors.join('\n')}`);
  });
  const [ready] = await Promise.race([line, ended]);
  ended.catch(() => undefined);
  const { url } = JSON.parse(ready) as { url: string };
  return { child, url };
}

async function end({ child }: Main, signal: NodeJS.Signals): Promise<unknown> {
  const ended = once(child, 'exit');
  child.kill(signal);
  return (await ended)[0];
}

async function withCollection<T>(url: string, use: (c: mongoose.mongo.Collection) => Promise<T>): Promise<T> {
  const client = new mongoose.mongo.MongoClient(url);
  try {
    return await use(client.db('survival').collection('log'));
  } finally {
    await client.close();
  }
}

/**
 * The processes that have this directory mounted as their data. By its own name, which is unique: a mount's path counts
 * from the root of its file system, and where /tmp is one of its own that is not the path we know.
 */
async function processesOf(dataDir: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '')), // gone meanwhile
  );
  const name = `/${basename(dataDir)}`;
  return pids.filter(
    (_, index) => lines[index]?.includes(`${name} ${ROOT}/mnt`) || lines[index]?.includes(`${name} /mnt`),
  );
}

describe('the store as a process', () => {
  let data: Awaited<ReturnType<typeof temporaryData>>;
  const running: Main[] = [];
  const start = async (dir: string, extra?: string[]) => {
    const main = await startMain(dir, extra);
    running.push(main);
    return main;
  };

  before(async function () {
    if (GIVEN_URL) this.skip();
    this.timeout(900_000);
    await installDocumentDB({ root: ROOT, log: quiet });
  });

  beforeEach(async () => {
    data = await temporaryData();
  });

  afterEach(async () => {
    for (const main of running.splice(0)) {
      if (main.child.exitCode === null && main.child.signalCode === null) await end(main, 'SIGTERM');
    }
    await data.remove();
  });

  it('stops in order on SIGTERM, and has its data when started again', async () => {
    const first = await start(data.dir);
    await withCollection(first.url, (log) =>
      log.insertMany(Array.from({ length: 500 }, (_, seq) => ({ seq }))),
    );
    expect(await end(first, 'SIGTERM')).to.equal(0);
    expect(await processesOf(data.dir)).to.deep.equal([]);
    const second = await start(data.dir);
    expect(await withCollection(second.url, (log) => log.countDocuments({}))).to.equal(500);
  });

  it('keeps every acknowledged document when killed amid writes, and starts again at once', async () => {
    const acknowledged: number[] = [];
    const first = await start(data.dir);
    await withCollection(first.url, async (log) => {
      await log.createIndex({ seq: 1 }, { unique: true });
      let next = 0;
      const writer = async () => {
        for (;;) {
          const seq = (next += 1);
          await log.insertOne({ seq }, { writeConcern: { w: 'majority', journal: true } });
          acknowledged.push(seq);
          if (acknowledged.length === 200) first.child.kill('SIGKILL');
        }
      };
      await Promise.all(Array.from({ length: 8 }, () => rejection(writer())));
    });
    const second = await start(data.dir);
    const stored = await withCollection(second.url, (log) => log.distinct('seq'));
    expect(acknowledged.filter((seq) => !stored.includes(seq))).to.deep.equal([]);
  });

  it('leaves no process behind when killed', async () => {
    const main = await start(data.dir);
    expect(await processesOf(data.dir)).not.to.deep.equal([]);
    await end(main, 'SIGKILL');
    const deadline = performance.now() + 5_000;
    while ((await processesOf(data.dir)).length > 0 && performance.now() < deadline);
    expect(await processesOf(data.dir)).to.deep.equal([]);
  });

  it('ends when its PostgreSQL is killed, and starts again with the data', async () => {
    const main = await start(data.dir);
    await withCollection(main.url, (log) => log.insertOne({ seq: 1 }));
    const ended = once(main.child, 'exit');
    for (const pid of await processesOf(data.dir)) process.kill(pid, 'SIGKILL');
    expect((await ended)[0]).to.equal(1);
    const again = await start(data.dir);
    expect(await withCollection(again.url, (log) => log.countDocuments({}))).to.equal(1);
  });

  it('runs beside another one from the same root', async () => {
    const other = await temporaryData();
    try {
      const [a, b] = await Promise.all([start(data.dir), start(other.dir)]);
      await withCollection(a.url, (log) => log.insertOne({ seq: 1 }));
      expect(await withCollection(b.url, (log) => log.countDocuments({}))).to.equal(0);
      await end(a, 'SIGKILL');
      expect(await withCollection(b.url, (log) => log.countDocuments({}))).to.equal(0);
      await end(b, 'SIGTERM');
    } finally {
      await other.remove();
    }
  });

  it('refuses data that another one is using, in one line', async () => {
    await start(data.dir);
    const error = await rejection(startMain(data.dir));
    expect(error.message).to.match(
      /^ended with 1: PostgreSQL could not be started: another one is using \S+$/,
    );
  });

  it('refuses a port that is taken and leaves nothing running', async () => {
    const first = await start(data.dir);
    const other = await temporaryData();
    const port = Number(new URL(first.url).port);
    const options = { root: ROOT, dataDir: other.dir, port, log: quiet };
    expect((await rejection(startDocumentDB(options)))['code']).to.equal('EADDRINUSE');
    expect(await processesOf(other.dir)).to.deep.equal([]);
    await other.remove();
  });
}).timeout(60_000);
