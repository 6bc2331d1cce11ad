import { deleteDB, openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import {
  CACHE_LIMITS,
  CACHE_VERSION,
  isOutdated,
  keptOf,
  readTables,
  type RoomCache,
} from '../../../../shared/sdk/room-cache.ts';
import { inTime } from './in-time.ts';

const DATABASE = 'parley-cache';
const STORES = ['meta', 'summaries', 'logs'] as const;

interface Schema extends DBSchema {
  meta: { key: string; value: unknown };
  summaries: { key: string; value: unknown };
  logs: { key: string; value: unknown };
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
      const [summaries, logs, order] = await Promise.all([
        entriesOf(writing, 'summaries'),
        entriesOf(writing, 'logs'),
        meta.get('order'),
        writing.done,
      ]);
      return readTables({ summaries, logs, order });
    },
    write: async (user, changes) => {
      const writing = begin();
      const [meta, summaries, logs] = STORES.map((store) => writing.objectStore(store));
      if (meta === undefined || summaries === undefined || logs === undefined) return;
      if ((await meta.get('user')) !== user) return;
      const order = changes.order.slice(0, CACHE_LIMITS.rooms);
      const kept = keptOf(order);
      await Promise.all([
        meta.put(order, 'order'),
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
  store: 'summaries' | 'logs',
): Promise<readonly (readonly [string, unknown])[]> {
  const [keys, values] = await Promise.all([
    reading.objectStore(store).getAllKeys(),
    reading.objectStore(store).getAll(),
  ]);
  return keys.map((key, index) => [key, values[index]] as const);
}
