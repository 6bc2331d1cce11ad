import type { Member, Room, ThreadInfo } from '../wire/rest.ts';
import { isSnapshot, type Snapshot } from '../wire/snapshot.ts';
import { isKeptThread, stayingThreads, type KeptThread } from './kept-thread.ts';

/** Grows with each change of what is kept: a cache of another version is thrown away. */
export const CACHE_VERSION = 2;

export const CACHE_LIMITS = {
  /** Rooms whose line in the list is kept. */
  rooms: 500,
  /** Rooms, the latest active, whose messages are kept. */
  logs: 50,
  log: { messages: 100, size: 256_000 },
  /** People kept of one room; of a larger one none. */
  members: 100,
  /** Threads one follows, those replied to last. */
  followed: 100,
} as const;

/** A room's line in the list, and who is in it. */
export interface CachedSummary {
  readonly room: Room;
  readonly members: readonly Member[];
}
export interface CachedRoom extends CachedSummary {
  /** Its newest messages, where they are kept. */
  readonly log?: Snapshot;
  /** Threads of it that were looked at. */
  readonly threads: readonly KeptThread[];
}

/** What is kept beside the rooms; what is absent was never known. */
export interface CachedOwn {
  /** Threads one follows, the one replied to last first. */
  readonly followed?: readonly ThreadInfo[];
  /** Whom one blocked, as of this version of one's own settings. */
  readonly blocked?: { readonly self: number; readonly users: readonly string[] };
}

export interface Cached {
  /** In the list's order. */
  readonly rooms: readonly CachedRoom[];
  readonly own: CachedOwn;
}

export interface CacheChanges {
  /** All rooms there are, the latest active first. Of a room that is not named nothing is kept. */
  readonly order: readonly string[];
  /** Rooms whose kept messages and threads are no part of the server's history any more: they go first, however far they came. */
  readonly restarted: readonly string[];
  readonly summaries: readonly CachedSummary[];
  readonly logs: readonly { readonly room: string; readonly log: Snapshot }[];
  /** `kept` undefined: not kept any more. */
  readonly threads: readonly {
    readonly room: string;
    readonly root: number;
    readonly kept: KeptThread | undefined;
  }[];
  /** What of it is absent stays as it was. */
  readonly own: CachedOwn;
}

/**
 * What one person last saw, kept from one visit to the next: a copy that may be lost at any time. Several tabs may write;
 * of each room what has come furthest stays.
 */
export interface RoomCache {
  /** What is kept of this user. What is kept of anybody else is thrown away. */
  open(user: string): Promise<Cached>;
  /** All of it or nothing. Where the cache has become another user's, nothing. */
  write(user: string, changes: CacheChanges): Promise<void>;
  clear(): Promise<void>;
}

/** What stands in a cache: the same for each implementation, which only differ in where they keep it. */
export interface CacheTables {
  readonly summaries: readonly (readonly [room: string, value: unknown])[];
  readonly logs: readonly (readonly [room: string, value: unknown])[];
  readonly threads: readonly unknown[];
  readonly order: unknown;
  readonly followed: unknown;
  readonly blocked: unknown;
}

/** Reads what was kept; what cannot be made sense of is left out. */
export function readTables({ summaries, logs, threads, order, followed, blocked }: CacheTables): Cached {
  const byRoom = new Map(summaries);
  const logOf = new Map(logs);
  const known = threads.filter(isKeptThread);
  const ids: readonly unknown[] = Array.isArray(order) ? order : [];
  const rooms = ids.flatMap((id) => {
    const summary = typeof id === 'string' ? byRoom.get(id) : undefined;
    if (typeof id !== 'string' || !isSummary(summary, id)) return [];
    const log = logOf.get(id);
    const room = { ...summary, threads: known.filter((thread) => thread.room === id) };
    return isSnapshot(log) ? [{ ...room, log }] : [room];
  });
  return {
    rooms,
    own: {
      ...(isFollowed(followed) ? { followed } : {}),
      ...(isBlocked(blocked) ? { blocked } : {}),
    },
  };
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

/** Of all kept threads those that go. */
export function leavingThreads(
  entries: readonly (readonly [key: string, value: unknown])[],
  rooms: ReadonlySet<string>,
): readonly string[] {
  const staying = new Set<unknown>(
    stayingThreads(
      entries.map(([, value]) => value),
      rooms,
    ),
  );
  return entries.filter(([, value]) => !staying.has(value)).map(([key]) => key);
}

function isSummary(value: unknown, id: string): value is CachedSummary {
  if (typeof value !== 'object' || value === null) return false;
  const { room, members } = value as Partial<CachedSummary>;
  return typeof room === 'object' && room.id === id && typeof room.me === 'object' && Array.isArray(members);
}

function isFollowed(value: unknown): value is readonly ThreadInfo[] {
  if (!Array.isArray(value)) return false;
  return (value as readonly (Partial<ThreadInfo> | null)[]).every(
    (thread) => typeof thread?.room === 'string' && typeof thread.message?.seq === 'number',
  );
}

function isBlocked(value: unknown): value is NonNullable<CachedOwn['blocked']> {
  if (typeof value !== 'object' || value === null) return false;
  const { self, users } = value as { self?: unknown; users?: unknown };
  return typeof self === 'number' && Array.isArray(users);
}
