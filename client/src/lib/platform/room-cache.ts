import { deleteDB, openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import {
  CACHE_LIMITS,
  CACHE_VERSION,
  isOutdated,
  keptOf,
  leavingThreads,
  readTables,
  type CacheChanges,
  type RoomCache,
} from '../../../../shared/sdk/room-cache.ts';
import { isKeptThread, joinedThread, threadKey } from '../../../../shared/sdk/kept-thread.ts';
import { inTime } from './in-time.ts';

const DATABASE = 'parley-cache';
const STORES = ['meta', 'summaries', 'logs', 'threads'] as const;
/** What of `CachedOwn` stands under its name in `meta`. */
const OWN = ['followed', 'blocked'] as const;

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  summaries: { key: string; value: unknown };
  logs: { key: string; value: unknown };
  threads: { key: string; value: unknown };
}
type Database = IDBPDatabase<Schema>;
type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/**
 * The cache in IndexedDB, in a database of its own: thrown away whole when its shape is another version's. Undefined where
 * the browser has or allows none.
 */
export async function indexedRoomCache(name = DATABASE): Promise<RoomCache | undefined> {
  try {
    return cacheIn(await inTime(openDatabase(name)));
  } catch {
    return undefined;
  }
}

async function openDatabase(name: string): Promise<Database> {
  try {
    const database = await create(name);
    if (STORES.every((store) => database.objectStoreNames.contains(store))) return database;
    database.close();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'SecurityError') throw error;
  }
  // A later version was here, or it is damaged: it is a copy, so it may go.
  await deleteDB(name);
  return await create(name);
}

function create(name: string): Promise<Database> {
  return openDB<Schema>(name, CACHE_VERSION, {
    upgrade: (database) => {
      for (const store of database.objectStoreNames) database.deleteObjectStore(store);
      for (const store of STORES) database.createObjectStore(store);
    },
    // Another tab has a newer version of Parley; it must not wait for this one.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
    },
  });
}

function cacheIn(database: Database): RoomCache {
  const begin = (): Writing => database.transaction(STORES, 'readwrite');
  return {
    open: async (user) => {
      const writing = begin();
      const meta = writing.objectStore('meta');
      if ((await meta.get('user')) !== user) await empty(writing);
      await meta.put(user, 'user');
      const [summaries, logs, threads, order, followed, blocked] = await Promise.all([
        entriesOf(writing, 'summaries'),
        entriesOf(writing, 'logs'),
        writing.objectStore('threads').getAll(),
        meta.get('order'),
        ...OWN.map((name) => meta.get(name)),
        writing.done,
      ]);
      return readTables({ summaries, logs, threads, order, followed, blocked });
    },
    write: async (user, changes) => {
      const writing = begin();
      const [meta, summaries, logs] = (['meta', 'summaries', 'logs'] as const).map((store) =>
        writing.objectStore(store),
      );
      if (meta === undefined || summaries === undefined || logs === undefined) return;
      if ((await meta.get('user')) !== user) return;
      const order = changes.order.slice(0, CACHE_LIMITS.rooms);
      const kept = keptOf(order);
      await forget(writing, changes.restarted);
      await Promise.all([
        meta.put(order, 'order'),
        ...OWN.filter((name) => name in changes.own).map((name) => meta.put(changes.own[name], name)),
        keepThreads(writing, changes, kept.summaries),
        ...changes.summaries.map((summary) => summaries.put(summary, summary.room.id)),
        ...changes.logs.map(async ({ room, log }) => {
          if (!isOutdated(log, await logs.get(room))) await logs.put(log, room);
        }),
      ]);
      await Promise.all([prune(summaries, kept.summaries), prune(logs, kept.logs), writing.done]);
    },
    clear: async () => {
      const writing = begin();
      await Promise.all([empty(writing), writing.done]);
    },
  };
}

/** Messages and threads of rooms whose history is another now. */
async function forget(writing: Writing, rooms: readonly string[]): Promise<void> {
  if (rooms.length === 0) return;
  const threads = writing.objectStore('threads');
  const gone = (await entriesOf(writing, 'threads')).filter(
    ([, thread]) => isKeptThread(thread) && rooms.includes(thread.room),
  );
  await Promise.all([
    ...rooms.map((room) => writing.objectStore('logs').delete(room)),
    ...gone.map(([key]) => threads.delete(key)),
  ]);
}

/** Keeps what changed of the threads, and lets go of those looked at longest ago and of rooms that are not kept. */
async function keepThreads(
  writing: Writing,
  { threads }: CacheChanges,
  rooms: ReadonlySet<string>,
): Promise<void> {
  const store = writing.objectStore('threads');
  for (const { room, root, kept } of threads) {
    const key = threadKey(room, root);
    if (kept === undefined) await store.delete(key);
    else await store.put(joinedThread(kept, await store.get(key)), key);
  }
  const leaving = leavingThreads(await entriesOf(writing, 'threads'), rooms);
  await Promise.all(leaving.map((key) => store.delete(key)));
}

interface Prunable {
  getAllKeys(): Promise<string[]>;
  delete(key: string): Promise<void>;
}

async function prune(store: Prunable, kept: ReadonlySet<string>): Promise<void> {
  const keys = await store.getAllKeys();
  await Promise.all(keys.filter((key) => !kept.has(key)).map((key) => store.delete(key)));
}

async function empty(writing: Writing): Promise<void> {
  await Promise.all(STORES.map((store) => writing.objectStore(store).clear()));
}

async function entriesOf(
  reading: Writing,
  store: 'summaries' | 'logs' | 'threads',
): Promise<readonly (readonly [string, unknown])[]> {
  const [keys, values] = await Promise.all([
    reading.objectStore(store).getAllKeys(),
    reading.objectStore(store).getAll(),
  ]);
  return keys.map((key, index) => [key, values[index]] as const);
}
