import { INTERNAL_LIMITS, type RoomList, type Self } from '../shared/node/internal.ts';
import type { Logger } from '../shared/node/logger.ts';
import { CloseCode } from '../shared/wire/protocol.ts';
import type { Cache } from './cache.ts';
import type { Hub } from './hub.ts';
import type { Room } from './room.ts';
import type { Uplink } from './uplink.ts';
import type { User } from './user.ts';

/** ms between two readings of a user's list: with a slow answer still within 30 s. */
const REFRESH_INTERVAL = 25_000;
/** ms after which users whose list could not be read or applied are read again. */
const RETRY_INTERVAL = 2_000;
const TICK = 1_000;
const ATTEMPTS = 3;
/** Memberships in the lists of one call: a few ms of parsing. */
const BATCH_ROOMS = 5_000;

type Rooms = RoomList['rooms'];
type Known = { readonly rooms: Rooms; readonly self?: Self | undefined };

export interface RoomListsOptions {
  readonly cache: Cache;
  readonly uplink: Uplink;
  readonly hub: Hub;
  readonly logger: Logger;
  /** What the user may see of others has changed. */
  readonly onSight?: (user: User) => void;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** The rooms each user here is in: read at `hello` from Redis or the API, and from the API again and again, which keeps the cache warm and repairs lost signals. */
export class RoomLists {
  readonly #options: RoomListsOptions;
  readonly #confirming = new Map<User, Promise<boolean>>();
  /** Whom the last reading left out. */
  #missed = new Set<User>();
  #due = 0;
  #retryDue = 0;
  #timer: NodeJS.Timeout | undefined;
  #isRefreshing = false;

  constructor(options: RoomListsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#due = this.#options.now() + REFRESH_INTERVAL;
    this.#timer = setInterval(() => void this.tick(), TICK).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Signals were lost: all lists are read again within `ms`. */
  hasten(ms: number): void {
    this.#due = Math.min(this.#due, this.#options.now() + ms);
  }

  /** Reads what is due. Never rejects. */
  async tick(): Promise<void> {
    const now = this.#options.now();
    if (now >= this.#due) return this.refresh();
    if (this.#missed.size > 0 && now >= this.#retryDue) await this.#refresh([...this.#missed]);
  }

  /** Reads and applies the list of a user whose channel is subscribed. False when this session is over. */
  async load(user: User, session: string): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const epoch = user.epoch;
      const list = await this.#read(user, session, attempt > 1);
      if (list === undefined) return false;
      // A signal that came meanwhile may be newer than what was read.
      if (user.epoch !== epoch) {
        if (attempt < ATTEMPTS) continue;
        this.#missed.add(user);
      }
      this.#adopt(user, list.self);
      await this.#options.hub.applyList(user, list.rooms);
      return true;
    }
  }

  /**
   * Reads the list of a user of whom a signal came, past the cache; signals that come meanwhile share the reading. Never
   * rejects. False if it could not be read, which `tick` makes good.
   */
  confirm(user: User): Promise<boolean> {
    const running = this.#confirming.get(user);
    if (running !== undefined) return running;
    const confirming = this.#confirm(user).finally(() => this.#confirming.delete(user));
    this.#confirming.set(user, confirming);
    return confirming;
  }

  /** Reads all lists again, in batches. Never rejects. */
  async refresh(): Promise<void> {
    this.#due = this.#options.now() + REFRESH_INTERVAL;
    await this.#refresh([...this.#options.hub.users.values()].filter((user) => user.isLoaded));
  }

  #adopt(user: User, self: Self | undefined): void {
    if (user.adopt(self)) this.#options.onSight?.(user);
  }

  async #confirm(user: User): Promise<boolean> {
    try {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const [session] = sessionsOf(user);
        // Who is still being let in reads a list anyway.
        if (session === undefined || !user.isLoaded) return true;
        const { epoch } = user;
        const list = await this.#options.uplink.roomList(user.id, session);
        if (user.epoch !== epoch) continue;
        this.#adopt(user, list.self);
        await this.#options.hub.applyList(user, list.rooms, true);
        return true;
      }
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'a membership could not be confirmed');
    }
    this.#missed.add(user);
    return false;
  }

  async #refresh(users: readonly User[]): Promise<void> {
    // The one under way reads the same; what it leaves out is tried again.
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    this.#missed = new Set();
    for (const some of batches(users)) {
      const batch = some.filter((user) => user.devices.size > 0);
      await this.#attempt('room lists could not be read again', batch, () => this.#refreshBatch(batch));
    }
    await this.#attempt('changed rooms could not be read', [], () => this.#tell(this.#untold()));
    this.#retryDue = this.#options.now() + RETRY_INTERVAL;
    this.#isRefreshing = false;
  }

  async #attempt(failure: string, users: readonly User[], action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#options.logger.warn({ err: error, users: users.length }, failure);
      for (const user of users) this.#missed.add(user);
    }
  }

  async #read(user: User, session: string, isRetry: boolean): Promise<Known | undefined> {
    const cached = isRetry ? undefined : await this.#cached(user, session);
    if (cached?.isEnded === true) return undefined;
    // What other devices of the user already know is newer than any cache.
    if (cached?.rooms !== undefined && !contradicts(user, cached.rooms))
      return { rooms: cached.rooms, self: cached.self };
    const list = await this.#options.uplink.roomList(user.id, session);
    return list.ended.includes(session) ? undefined : list;
  }

  async #cached(
    user: User,
    session: string,
  ): Promise<Awaited<ReturnType<Cache['cachedRoomList']>> | undefined> {
    try {
      return await this.#options.cache.cachedRoomList(user.id, session);
    } catch {
      return undefined; // Redis is away, as its connection reports: the API knows
    }
  }

  /** What most users hold still stands: only lists that differ are sent and applied. */
  async #refreshBatch(users: readonly User[]): Promise<void> {
    if (users.length === 0) return;
    const { hub, uplink } = this.#options;
    const epochs = users.map((user) => user.epoch);
    const wanted = Object.fromEntries(users.map((user) => [user.id, sessionsOf(user)]));
    const digests = Object.fromEntries(users.map((user) => [user.id, user.rooms.digest()]));
    const lists = await uplink.roomLists(wanted, digests);
    const applied = users.map(async (user, index) => {
      const list = lists[user.id];
      if (list === undefined || user.devices.size === 0) return;
      closeEnded(user, list.ended);
      this.#adopt(user, list.self);
      // A signal, or an older list at a hello, came while this one was read.
      const isOutrun = user.epoch !== epochs[index] || user.rooms.digest() !== digests[user.id];
      if (isOutrun) this.#missed.add(user);
      else if (list.rooms !== undefined) await hub.applyList(user, list.rooms, true);
    });
    await Promise.all(applied);
  }

  /** Rooms of which a newer version is known than their members were told. */
  #untold(): Room[] {
    const rooms = [...this.#options.hub.rooms.values()];
    return rooms.filter(({ told, v, members }) => told !== undefined && v > told && members.size > 0);
  }

  /** Fetches rooms whose change was signalled in vain and tells their members. */
  async #tell(rooms: readonly Room[]): Promise<void> {
    for (let i = 0; i < rooms.length; i += INTERNAL_LIMITS.rooms) {
      const some = rooms.slice(i, i + INTERNAL_LIMITS.rooms);
      const news = await this.#options.uplink.rooms(some.map((room) => room.id));
      for (const room of some) {
        const latest = news[room.id];
        if (latest === undefined || latest.v <= (room.told ?? 0)) continue;
        this.#options.hub.tellRoom(room, latest.v, Buffer.from(latest.frame));
      }
    }
  }
}

/** Users in groups small enough for one call, and for one turn of the event loop with its answer. */
function* batches(users: readonly User[]): Generator<readonly User[]> {
  let batch: User[] = [];
  let rooms = 0;
  for (const user of users) {
    if (batch.length >= INTERNAL_LIMITS.users || rooms + user.rooms.size > BATCH_ROOMS) {
      if (batch.length > 0) yield batch;
      batch = [];
      rooms = 0;
    }
    batch.push(user);
    rooms += user.rooms.size;
  }
  if (batch.length > 0) yield batch;
}

function sessionsOf(user: User): string[] {
  return [...new Set([...user.devices].map((device) => device.session))];
}

function closeEnded(user: User, ended: readonly string[]): void {
  for (const device of [...user.devices]) {
    if (ended.includes(device.session)) device.close(CloseCode.sessionEnded, 'session ended');
  }
}

function contradicts(user: User, rooms: Rooms): boolean {
  if (!user.isLoaded) return false;
  const ids = Object.keys(rooms);
  return ids.length !== user.rooms.size || ids.some((id) => !user.rooms.has(id));
}
