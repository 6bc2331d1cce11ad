import { unavailable } from '../shared/node/errors.ts';
import {
  INTERNAL_LIMITS,
  type HeadsAnswer,
  type InternalCursor,
  type InternalSend,
  type LogSlice,
  type RoomList,
  type RoomListAnswer,
  type RoomNews,
  type SendResult,
} from '../shared/node/internal.ts';
import { Batcher } from './batcher.ts';
import type { InternalClient } from './internal-client.ts';

export interface LogRange {
  readonly room: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive; up to the counter where absent. */
  readonly to?: number;
}
export type Heads = HeadsAnswer['heads'];

/** What a gateway asks of the API. Every call rejects with `unavailable` or `overloaded`, never hangs. */
export interface Uplink {
  send(send: InternalSend): Promise<SendResult>;
  /** The list of one user, and whether this session of theirs is over; from MongoDB. */
  roomList(user: string, session: string): Promise<RoomList>;
  /** At most INTERNAL_LIMITS.users. `digests`: of lists that are held; one that still stands comes without its rooms. */
  roomLists(
    users: Readonly<Record<string, readonly string[]>>,
    digests?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, RoomListAnswer>>>;
  /** Rooms as they now stand; unknown ones are absent. At most INTERNAL_LIMITS.rooms. */
  rooms(rooms: readonly string[]): Promise<Readonly<Record<string, RoomNews>>>;
  /** MongoDB's highest seq of each; unknown rooms are absent. Raises the counters. */
  heads(rooms: readonly string[]): Promise<Heads>;
  /** One slice, undefined when there is no such room. */
  log(range: LogRange): Promise<LogSlice | undefined>;
  /** At most INTERNAL_LIMITS.cursors. */
  cursors(cursors: readonly InternalCursor[]): Promise<void>;
}

/**
 * ms; an API node answers a send within one second, whatever its store does, so one that takes longer is not well. The log
 * may wait 3.5 s for numbers to be decided.
 */
const TIMEOUT = { sends: 2_500, lists: 4_000, heads: 4_000, log: 6_000, cursors: 4_000 } as const;
/** Bytes of texts in one batch of sends, well below the body limit with JSON's escapes. */
const SEND_BATCH_BYTES = 2 * 1024 * 1024;
/** Bytes of sends that wait. */
const SEND_QUEUE_BYTES = 24 * 1024 * 1024;
/** ms a send waits for its batch: what is left of a second is the API's. */
const SEND_WAIT = 500;
const SEND_OVERHEAD = Math.ceil(SEND_BATCH_BYTES / INTERNAL_LIMITS.sends);

/** The uplink over HTTP: calls of many sockets gather into batches while a few requests are under way. */
export class HttpUplink implements Uplink {
  readonly #client: InternalClient;
  readonly #name: string | undefined;
  readonly #sends: Batcher<InternalSend, SendResult>;
  readonly #lists: Batcher<{ user: string; session: string }, RoomList>;
  readonly #heads: Batcher<ReadonlySet<string>, Heads>;
  /** The rooms of the next reading of heads, shared by all who ask before it begins. */
  #nextHeads: { readonly rooms: Set<string>; readonly heads: Promise<Heads> } | undefined;
  readonly #log: Batcher<LogRange, { slice: LogSlice | undefined }>;

  /** `name`: this gateway's, for the API's log. `onBatch` hears how many sends go into each request. */
  constructor(client: InternalClient, name?: string, onBatch: (sends: number) => void = () => undefined) {
    this.#client = client;
    this.#name = name;
    this.#sends = new Batcher({
      run: (sends) => this.#postSends(sends),
      maxWeight: SEND_BATCH_BYTES,
      weigh: (send) => Math.max(SEND_OVERHEAD, send.text.length * 3 + 1_000),
      maxInFlight: 4,
      maxQueued: 10_000,
      maxQueuedWeight: SEND_QUEUE_BYTES,
      maxWaitMs: SEND_WAIT,
      onBatch,
    });
    this.#lists = new Batcher({
      run: (items) => this.#postList(items),
      maxWeight: INTERNAL_LIMITS.users,
      maxInFlight: 2,
      maxQueued: 50_000,
    });
    this.#heads = new Batcher({
      run: (items) => this.#postHeads(items),
      maxWeight: 1,
      maxInFlight: 2,
      maxQueued: 1,
    });
    this.#log = new Batcher({
      run: (ranges) => this.#postLog(ranges),
      maxWeight: INTERNAL_LIMITS.rooms,
      maxInFlight: 4,
      maxQueued: 50_000,
    });
  }

  /** Sends that wait for a request. */
  get queued(): number {
    return this.#sends.queued;
  }

  /** ms the oldest of them has waited. */
  get queueAge(): number {
    return this.#sends.age;
  }

  /** Requests with sends under way. */
  get sendsInFlight(): number {
    return this.#sends.inFlight;
  }

  send(send: InternalSend): Promise<SendResult> {
    return this.#sends.call(send);
  }

  roomList(user: string, session: string): Promise<RoomList> {
    return this.#lists.call({ user, session });
  }

  async roomLists(
    users: Readonly<Record<string, readonly string[]>>,
    digests?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, RoomListAnswer>>> {
    const answer = await this.#client.post('/internal/room-lists', { users, digests }, TIMEOUT.lists);
    return field<Readonly<Record<string, RoomListAnswer>>>(answer, 'users');
  }

  async rooms(rooms: readonly string[]): Promise<Readonly<Record<string, RoomNews>>> {
    const answer = await this.#client.post('/internal/rooms', { rooms }, TIMEOUT.lists);
    return field<Readonly<Record<string, RoomNews>>>(answer, 'rooms');
  }

  async heads(rooms: readonly string[]): Promise<Heads> {
    const next = (this.#nextHeads ??= this.#gatherHeads());
    for (const room of rooms) next.rooms.add(room);
    return await next.heads;
  }

  async log(range: LogRange): Promise<LogSlice | undefined> {
    return (await this.#log.call(range)).slice;
  }

  async cursors(cursors: readonly InternalCursor[]): Promise<void> {
    await this.#client.post('/internal/cursors', { cursors }, TIMEOUT.cursors);
  }

  async #postSends(sends: readonly InternalSend[]): Promise<readonly SendResult[]> {
    const answer = await this.#client.post('/internal/sends', { gateway: this.#name, sends }, TIMEOUT.sends);
    const results = field<readonly SendResult[]>(answer, 'results');
    if (!Array.isArray(results)) throw unavailable('The API');
    return results;
  }

  async #postList(items: readonly { user: string; session: string }[]): Promise<readonly RoomList[]> {
    const users: Record<string, string[]> = {};
    for (const { user, session } of items) (users[user] ??= []).push(session);
    const lists = await this.roomLists(users);
    return items.map(({ user, session }) => {
      // A user the API does not know has no rooms and no sessions either.
      const { rooms, ...list } = lists[user] ?? { rooms: {}, ended: [session] };
      if (rooms === undefined) throw unavailable('The API');
      return { rooms, ...list };
    });
  }

  #gatherHeads(): { readonly rooms: Set<string>; readonly heads: Promise<Heads> } {
    const rooms = new Set<string>();
    return { rooms, heads: this.#heads.call(rooms) };
  }

  async #postHeads(items: readonly ReadonlySet<string>[]): Promise<readonly Heads[]> {
    // Who asks from here on must get what is read later.
    this.#nextHeads = undefined;
    const rooms = items.flatMap((item) => [...item]);
    const heads: Record<string, number> = {};
    for (let i = 0; i < rooms.length; i += INTERNAL_LIMITS.rooms) {
      const some = rooms.slice(i, i + INTERNAL_LIMITS.rooms);
      const answer = await this.#client.post('/internal/heads', { rooms: some }, TIMEOUT.heads);
      Object.assign(heads, field<Heads>(answer, 'heads'));
    }
    return items.map(() => heads);
  }

  async #postLog(ranges: readonly LogRange[]): Promise<readonly { slice: LogSlice | undefined }[]> {
    const rooms: Record<string, { after: number; to?: number }> = {};
    for (const range of ranges) rooms[range.room] = union(rooms[range.room], range);
    const answer = await this.#client.post('/internal/log', { rooms }, TIMEOUT.log);
    const slices = field<Readonly<Record<string, LogSlice>>>(answer, 'rooms');
    return ranges.map((range) => ({ slice: slices[range.room] }));
  }
}

/** Two ranges of one room in one batch become the one that holds both; each asker takes what it needs. */
function union(a: { after: number; to?: number } | undefined, b: LogRange): { after: number; to?: number } {
  if (a === undefined) return b.to === undefined ? { after: b.after } : { after: b.after, to: b.to };
  const after = Math.min(a.after, b.after);
  if (a.to === undefined || b.to === undefined) return { after };
  return { after, to: Math.max(a.to, b.to) };
}

/** One field of an answer, an object or array; the internal API is our own, so its insides are taken as they are. */
function field<T>(answer: unknown, name: string): T {
  if (typeof answer === 'object' && answer !== null) {
    const value: unknown = Reflect.get(answer, name);
    if (typeof value === 'object' && value !== null) return value as T;
  }
  throw unavailable('The API');
}
