import type { Snapshot } from '../wire/snapshot.ts';
import { joinedThread, threadKey, type KeptThread } from './kept-thread.ts';
import {
  CACHE_LIMITS,
  isOutdated,
  keptOf,
  leavingThreads,
  readTables,
  type CachedOwn,
  type CachedSummary,
  type RoomCache,
} from './room-cache.ts';

/** A cache that lives as long as the process. */
export function memoryRoomCache(): RoomCache {
  let owner: string | undefined;
  let order: readonly string[] = [];
  let own: CachedOwn = {};
  const summaries = new Map<string, CachedSummary>();
  const logs = new Map<string, Snapshot>();
  const threads = new Map<string, KeptThread>();
  const clear = (): Promise<void> => {
    owner = undefined;
    order = [];
    own = {};
    for (const table of [summaries, logs, threads]) table.clear();
    return Promise.resolve();
  };
  return {
    clear,
    open: async (user) => {
      if (owner !== user) await clear();
      owner = user;
      const { followed, blocked } = own;
      const tables = { summaries: [...summaries], logs: [...logs], threads: [...threads.values()] };
      return readTables({ ...tables, order, followed, blocked });
    },
    write: (user, changes) => {
      if (owner !== user) return Promise.resolve();
      order = changes.order.slice(0, CACHE_LIMITS.rooms);
      own = { ...own, ...changes.own };
      const kept = keptOf(order);
      for (const room of changes.restarted) {
        logs.delete(room);
        for (const [key, thread] of threads) if (thread.room === room) threads.delete(key);
      }
      for (const summary of changes.summaries) summaries.set(summary.room.id, summary);
      for (const { room, log } of changes.logs) if (!isOutdated(log, logs.get(room))) logs.set(room, log);
      for (const thread of changes.threads) {
        const key = threadKey(thread.room, thread.root);
        if (thread.kept === undefined) threads.delete(key);
        else threads.set(key, joinedThread(thread.kept, threads.get(key)));
      }
      for (const room of [...summaries.keys()]) if (!kept.summaries.has(room)) summaries.delete(room);
      for (const room of [...logs.keys()]) if (!kept.logs.has(room)) logs.delete(room);
      for (const key of leavingThreads([...threads], kept.summaries)) threads.delete(key);
      return Promise.resolve();
    },
  };
}
