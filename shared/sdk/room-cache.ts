import type { Member, Room } from '../wire/rest.ts';
import { isSnapshot, type Snapshot } from '../wire/snapshot.ts';

/** Grows with each change of what is kept: a cache of another version is thrown away. */
export const CACHE_VERSION = 1;

export const CACHE_LIMITS = {
  /** Rooms whose line in the list is kept. */
  rooms: 500,
  /** Rooms, the latest active, whose messages are kept. */
  logs: 50,
  log: { messages: 100, size: 256_000 },
  /** People kept of one room; of a larger one none. */
  members: 100,
} as const;

/** A room's line in the list, and who is in it. */
export interface CachedSummary {
  readonly room: Room;
  readonly members: readonly Member[];
}
export interface CachedRoom extends CachedSummary {
  /** Its newest messages, where they are kept. */
  readonly log?: Snapshot;
}

export interface CacheChanges {
  /** All rooms there are, the latest active first. Of a room that is not named nothing is kept. */
  readonly order: readonly string[];
  readonly summaries: readonly CachedSummary[];
  readonly logs: readonly { readonly room: string; readonly log: Snapshot }[];
}

/**
 * What one person last saw, kept from one visit to the next: a copy that may be lost at any time. Several tabs may write;
 * of each room what has come furthest stays.
 */
export interface RoomCache {
  /** What is kept of this user, in the list's order. What is kept of anybody else is thrown away. */
  open(user: string): Promise<readonly CachedRoom[]>;
  /** All of it or nothing. Where the cache has become another user's, nothing. */
  write(user: string, changes: CacheChanges): Promise<void>;
  clear(): Promise<void>;
}

/** What stands in a cache: the same for each implementation, which only differ in where they keep it. */
export interface CacheTables {
  readonly summaries: readonly (readonly [room: string, value: unknown])[];
  readonly logs: readonly (readonly [room: string, value: unknown])[];
  readonly order: unknown;
}

/** Reads what was kept; what cannot be made sense of is left out. */
export function readTables({ summaries, logs, order }: CacheTables): readonly CachedRoom[] {
  const byRoom = new Map(summaries);
  const logOf = new Map(logs);
  const ids: readonly unknown[] = Array.isArray(order) ? order : [];
  return ids.flatMap((id) => {
    const summary = typeof id === 'string' ? byRoom.get(id) : undefined;
    if (typeof id !== 'string' || !isSummary(summary, id)) return [];
    const log = logOf.get(id);
    return isSnapshot(log) ? [{ ...summary, log }] : [summary];
  });
}

/** Whether another tab has written something newer already. */
export function isOutdated(next: Snapshot, held: unknown): boolean {
  return isSnapshot(held) && held.known > next.known;
}

/** Which rooms keep a line, and which their messages. */
export function keptOf(order: readonly string[]): {
  readonly summaries: ReadonlySet<string>;
  readonly logs: ReadonlySet<string>;
} {
  return {
    summaries: new Set(order.slice(0, CACHE_LIMITS.rooms)),
    logs: new Set(order.slice(0, CACHE_LIMITS.logs)),
  };
}

function isSummary(value: unknown, id: string): value is CachedSummary {
  if (typeof value !== 'object' || value === null) return false;
  const { room, members } = value as Partial<CachedSummary>;
  return typeof room === 'object' && room.id === id && typeof room.me === 'object' && Array.isArray(members);
}

/** A cache that lives as long as the process. */
export function memoryRoomCache(): RoomCache {
  let owner: string | undefined;
  let order: readonly string[] = [];
  const summaries = new Map<string, CachedSummary>();
  const logs = new Map<string, Snapshot>();
  const clear = (): Promise<void> => {
    owner = undefined;
    order = [];
    summaries.clear();
    logs.clear();
    return Promise.resolve();
  };
  return {
    clear,
    open: async (user) => {
      if (owner !== user) await clear();
      owner = user;
      return readTables({ summaries: [...summaries], logs: [...logs], order });
    },
    write: (user, changes) => {
      if (owner !== user) return Promise.resolve();
      order = changes.order.slice(0, CACHE_LIMITS.rooms);
      const kept = keptOf(order);
      for (const summary of changes.summaries) summaries.set(summary.room.id, summary);
      for (const { room, log } of changes.logs) if (!isOutdated(log, logs.get(room))) logs.set(room, log);
      for (const room of [...summaries.keys()]) if (!kept.summaries.has(room)) summaries.delete(room);
      for (const room of [...logs.keys()]) if (!kept.logs.has(room)) logs.delete(room);
      return Promise.resolve();
    },
  };
}
