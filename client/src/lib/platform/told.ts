import { openDB } from 'idb';
import { inTime } from './in-time.ts';

const DATABASE = 'parley-told';
const STORE = 'told';
const KEY = 'told';
/** Of what was told longest ago nobody asks any more. */
const MOST = 500;

/**
 * Of what is to be told, what no other window of this browser told before; from now on it counts as told. By a transaction, since
 * what one window writes into localStorage another may not read at once.
 */
export async function claimTold(news: readonly string[]): Promise<ReadonlySet<string>> {
  try {
    return await inTime(claim(news));
  } catch {
    // Forbidden or full: rather told twice than not at all.
    return new Set(news);
  }
}

async function claim(news: readonly string[]): Promise<ReadonlySet<string>> {
  const database = await openDB(DATABASE, 1, {
    upgrade: (fresh) => {
      fresh.createObjectStore(STORE);
    },
  });
  try {
    const change = database.transaction(STORE, 'readwrite');
    const value: unknown = await change.store.get(KEY);
    const told: readonly unknown[] = Array.isArray(value) ? value : [];
    const fresh = news.filter((one) => !told.includes(one));
    await Promise.all([change.store.put([...told, ...fresh].slice(-MOST), KEY), change.done]);
    return new Set(fresh);
  } finally {
    database.close();
  }
}
