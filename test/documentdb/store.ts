import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { DEFAULT_ROOT, installDocumentDB } from '../../local/documentdb/install.ts';
import { startDocumentDB, type DocumentDb } from '../../local/documentdb/server.ts';

export const ROOT = process.env['PARLEY_DOCUMENTDB_ROOT'] ?? DEFAULT_ROOT;

/** A MongoDB to judge by instead of the local store; tests of processes and of bytes are skipped then. */
export const GIVEN_URL = process.env['MONGODB_URL'];

export const quiet = () => undefined;

/** An empty data directory of its own, and how to remove it. */
export async function temporaryData(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-documentdb-'));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

export type Fixture = { url: string; db: Connection };

/** Registers hooks that start one store for the suite (or use the given MongoDB) with an empty database in it. */
export function useStore(): Fixture {
  const fixture = {} as Fixture;
  const undo: (() => Promise<unknown>)[] = [];
  before(async function () {
    this.timeout(900_000);
    fixture.url = GIVEN_URL ?? (await startTemporary(undo));
    const dbName = `parley_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
    fixture.db = await mongoose.createConnection(fixture.url, { dbName }).asPromise();
    undo.unshift(
      () => fixture.db.dropDatabase(),
      () => fixture.db.close(),
    );
  });
  after(async function () {
    this.timeout(60_000);
    for (const step of undo) await step();
  });
  return fixture;
}

async function startTemporary(undo: (() => Promise<unknown>)[]): Promise<string> {
  await installDocumentDB({ root: ROOT, log: (line) => console.log(line) });
  const data = await temporaryData();
  undo.unshift(data.remove);
  const store: DocumentDb = await startDocumentDB({ root: ROOT, dataDir: data.dir, port: 0, log: quiet });
  undo.unshift(() => store.stop());
  return store.url;
}

/** What a promise rejects with; fails when it resolves. */
export async function rejection<T extends Error = Error & Record<string, unknown>>(
  promise: Promise<unknown>,
): Promise<T> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as T,
  );
}
