import { openDB, type IDBPDatabase } from 'idb';
import { memoryStorage, presumeSession } from '../../../../shared/sdk/index.ts';
import type { Storage } from '../../../../shared/sdk/types.ts';
import { inTime } from './in-time.ts';

const DATABASE = 'parley';
const STORE = 'engine';

/** Where the engine keeps its outbox and session: IndexedDB, or memory where the browser forbids it (private windows). */
export async function browserStorage(): Promise<Storage> {
  try {
    const opening = openDB(DATABASE, 1, {
      upgrade: (fresh) => {
        fresh.createObjectStore(STORE);
      },
    });
    return indexedStorage(await inTime(opening));
  } catch {
    return presumeSession(memoryStorage());
  }
}

function indexedStorage(database: IDBPDatabase): Storage {
  return {
    async get(key) {
      const value: unknown = await database.get(STORE, key);
      return typeof value === 'string' ? value : undefined;
    },
    async set(key, value) {
      await database.put(STORE, value, key);
    },
    delete: (key) => database.delete(STORE, key),
  };
}
