import { INTERNAL_LIMITS, type RoomList } from '../shared/node/internal.ts';
import type { Logger } from '../shared/node/logger.ts';
import { CloseCode } from '../shared/wire/protocol.ts';
import type { Cache } from './cache.ts';
import type { Hub } from './hub.ts';
import type { Room } from './room.ts';
import type { Uplink } from './uplink.ts';
import type { User } from './user.ts';

/** ms between two readings of a user's list: with a slow answer still within 30 s. */
const REFRESH_INTERVAL = 25_000;
const ATTEMPTS = 3;

type Rooms = RoomList['rooms'];

/** The rooms each user here is in: read at `hello` from Redis or the API, and from the API again and again, which keeps the cache warm and repairs lost signals. */
export class RoomLists {
  readonly #cache: Cache;
  readonly #uplink: Uplink;
  readonly #hub: Hub;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #isRefreshing = false;

  constructor(options: { cache: Cache; uplink: Uplink; hub: Hub; logger: Logger }) {
    this.#cache = options.cache;
    this.#uplink = options.uplink;
    this.#hub = options.hub;
    this.#logger = options.logger;
  }

  start(): void {
    this.#timer = setInterval(() => void this.refresh(), REFRESH_INTERVAL).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Reads and applies the list of a user whose channel is subscribed. False when this session is over. */
  async load(user: User, session: string): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const epoch = user.epoch;
      const list = await this.#read(user, session, attempt > 1);
      if (list === undefined) return false;
      // A signal that came meanwhile may be newer than what was read.
      if (user.epoch !== epoch && attempt < ATTEMPTS) continue;
      await this.#hub.applyList(user, list);
      return true;
    }
  }

  /** Reads the list of a user of whom a signal came, past the cache. Never rejects; what fails here, `refresh` makes good. */
  async confirm(user: User): Promise<void> {
    try {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const [session] = sessionsOf(user);
        // Who is still being let in reads a list anyway.
        if (session === undefined || !user.isLoaded) return;
        const { epoch } = user;
        const list = await this.#uplink.roomList(user.id, session);
        if (user.epoch === epoch) return await this.#hub.applyList(user, list.rooms);
      }
    } catch (error) {
      this.#logger.warn({ err: error }, 'a membership could not be confirmed');
    }
  }

  /** Reads all lists again, in batches. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    try {
      const users = [...this.#hub.users.values()].filter((user) => user.isLoaded);
      const changed = new Set<Room>();
      for (let i = 0; i < users.length; i += INTERNAL_LIMITS.users) {
        await this.#refreshBatch(users.slice(i, i + INTERNAL_LIMITS.users), changed);
      }
      await this.#tell([...changed]);
    } catch (error) {
      this.#logger.warn({ err: error }, 'room lists could not be read again');
    } finally {
      this.#isRefreshing = false;
    }
  }

  async #read(user: User, session: string, isRetry: boolean): Promise<Rooms | undefined> {
    const cached = isRetry ? undefined : await this.#cached(user, session);
    if (cached?.isEnded === true) return undefined;
    // What other devices of the user already know is newer than any cache.
    if (cached?.rooms !== undefined && !contradicts(user, cached.rooms)) return cached.rooms;
    const list = await this.#uplink.roomList(user.id, session);
    return list.ended.includes(session) ? undefined : list.rooms;
  }

  async #cached(
    user: User,
    session: string,
  ): Promise<Awaited<ReturnType<Cache['cachedRoomList']>> | undefined> {
    try {
      return await this.#cache.cachedRoomList(user.id, session);
    } catch {
      return undefined; // Redis is away, as its connection reports: the API knows
    }
  }

  /** Adds to `changed` what the lists show of rooms and their members were not told. */
  async #refreshBatch(users: readonly User[], changed: Set<Room>): Promise<void> {
    const epochs = users.map((user) => user.epoch);
    const wanted = Object.fromEntries(users.map((user) => [user.id, sessionsOf(user)]));
    const lists = await this.#uplink.roomLists(wanted);
    const applied = users.map(async (user, index) => {
      const list = lists[user.id];
      if (list === undefined || user.devices.size === 0) return;
      closeEnded(user, list.ended);
      for (const [id, [, v]] of Object.entries(list.rooms)) {
        const room = this.#hub.rooms.get(id);
        if (room?.told !== undefined && v > room.told) changed.add(room);
      }
      if (user.epoch === epochs[index] && user.devices.size > 0) await this.#hub.applyList(user, list.rooms);
    });
    await Promise.all(applied);
  }

  /** Fetches rooms whose change was signalled in vain and tells their members. */
  async #tell(rooms: readonly Room[]): Promise<void> {
    for (let i = 0; i < rooms.length; i += INTERNAL_LIMITS.rooms) {
      const some = rooms.slice(i, i + INTERNAL_LIMITS.rooms);
      const news = await this.#uplink.rooms(some.map((room) => room.id));
      for (const room of some) {
        const latest = news[room.id];
        if (latest === undefined || latest.v <= (room.told ?? 0)) continue;
        this.#hub.tellRoom(room, latest.v, Buffer.from(latest.frame));
      }
    }
  }
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
