import type { Redis } from 'ioredis';
import type { RoomListAnswer, Self } from '../../shared/node/internal.ts';
import { ROOM_LIST_SECONDS, roomListEpochKey, roomListKey, roomVersionKey } from '../../shared/node/keys.ts';
import { ListDigest } from '../../shared/node/list-digest.ts';
import { encodeRoomList } from '../../shared/node/room-list.ts';
import type { Logger } from '../../shared/node/logger.ts';
import type { BlockStore } from '../store/blocks.ts';
import type { MemberStore } from '../store/members.ts';
import type { RoomStore } from '../store/rooms.ts';
import type { SessionStore } from '../store/sessions.ts';
import type { UserStore } from '../store/users.ts';

/** Epochs and versions outlive every list and every read that could fill one. */
const EPOCH_SECONDS = 2 * ROOM_LIST_SECONDS;
/** ms between tries to invalidate what could not be invalidated. */
const RETRY_INTERVAL = 1_000;
/** Users remembered for that; the lists of more end by themselves. */
const MAX_STALE = 50_000;
/** KEYS: list, epoch. ARGV: the epoch seen before the read, the list, its seconds. Fills only if nothing changed since. */
const FILL = `
if (redis.call('GET', KEYS[2]) or '0') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`;

/** KEYS: version. ARGV: v, its seconds. Only ever raises. */
const RAISE = `
local v = redis.call('GET', KEYS[1])
if v and tonumber(v) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`;

/** KEYS: list, epoch. ARGV: room, readSeq, the epoch's seconds. Only ever raises; no read that began before it fills the cache. */
const RAISE_READ = `
redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[2], ARGV[3])
local text = redis.call('GET', KEYS[1])
if not text then return 0 end
local ok, rooms = pcall(cjson.decode, text)
if not ok then return redis.call('DEL', KEYS[1]) end
local row = rooms[ARGV[1]]
if not row or row[1] >= tonumber(ARGV[2]) then return 0 end
row[1] = tonumber(ARGV[2])
redis.call('SET', KEYS[1], cjson.encode(rooms), 'KEEPTTL')
return 1`;

/** Up to where a user has read a room. */
export interface ReadMark {
  readonly user: string;
  readonly room: string;
  readonly read: number;
}

type Rooms = Record<string, readonly [readSeq: number, v: number, members: number]>;

/** Users' room lists for gateways: read from the store, kept in Redis, where no read that began before a change stays. */
export class RoomLists {
  readonly #members: MemberStore;
  readonly #rooms: RoomStore;
  readonly #sessions: SessionStore;
  readonly #users: Pick<UserStore, 'byIds'>;
  readonly #blocks: Pick<BlockStore, 'blockersOf'>;
  readonly #redis: Redis;
  readonly #logger: Logger;
  /** Users whose cached lists are out of date because Redis was away. */
  readonly #stale = new Set<string>();
  #retry: NodeJS.Timeout | undefined;

  constructor(deps: {
    readonly members: MemberStore;
    readonly rooms: RoomStore;
    readonly sessions: SessionStore;
    readonly users: Pick<UserStore, 'byIds'>;
    readonly blocks: Pick<BlockStore, 'blockersOf'>;
    readonly redis: Redis;
    readonly logger: Logger;
  }) {
    this.#members = deps.members;
    this.#rooms = deps.rooms;
    this.#sessions = deps.sessions;
    this.#users = deps.users;
    this.#blocks = deps.blocks;
    this.#redis = deps.redis;
    this.#logger = deps.logger;
  }

  /**
   * The lists of all named users, from the store, in five queries; `ended` are those of their named sessions that are over.
   * Without `rooms` where those are what `digests` says of the asker's.
   */
  async read(
    sessions: Readonly<Record<string, readonly string[]>>,
    digests: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, RoomListAnswer>> {
    const users = Object.keys(sessions);
    const epochs = await this.#epochs(users);
    const named = Object.values(sessions).flat();
    const [lists, living, selves] = await Promise.all([
      this.#lists(users),
      this.#sessions.living(named),
      this.#selves(users),
    ]);
    await this.#fill(lists, selves, epochs);
    return Object.fromEntries(
      users.map((user) => [
        user,
        {
          ...unlessHeld(lists.get(user) ?? {}, digests[user]),
          ended: (sessions[user] ?? []).filter((session) => !living.has(session)),
          ...selfOf(selves, user),
        },
      ]),
    );
  }

  /**
   * Forgets the lists of these users: after the store has their new state, before anybody is told of it. Without Redis
   * that is made good as soon as it is back: a list that was cached before must not let anybody in who is out.
   */
  async invalidate(users: readonly string[]): Promise<void> {
    try {
      await this.#forget(users);
    } catch (error) {
      this.#logger.warn({ err: error }, 'room lists could not be invalidated yet');
      this.#remember(users);
    }
  }

  async #forget(users: readonly string[]): Promise<void> {
    const pipeline = this.#redis.pipeline();
    for (const user of users) {
      pipeline
        .incr(roomListEpochKey(user))
        .expire(roomListEpochKey(user), EPOCH_SECONDS)
        .del(roomListKey(user));
    }
    checkAll(await pipeline.exec());
  }

  #remember(users: readonly string[]): void {
    for (const user of users) if (this.#stale.size < MAX_STALE) this.#stale.add(user);
    if (this.#retry !== undefined) return;
    this.#retry = setTimeout(() => void this.#catchUp(), RETRY_INTERVAL).unref();
  }

  async #catchUp(): Promise<void> {
    const users = [...this.#stale];
    this.#stale.clear();
    this.#retry = undefined;
    try {
      await this.#forget(users);
      this.#logger.info({ users: users.length }, 'room lists are invalidated after all');
    } catch (error) {
      this.#logger.debug({ err: error, users: users.length }, 'room lists still cannot be invalidated');
      // This node has given the connection up: it is stopping.
      if (this.#redis.status !== 'end') this.#remember(users);
    }
  }

  /**
   * Raises cursors in cached lists, which stay: who reads and then reconnects must not cost a read of the store. After
   * the store has them. Never rejects.
   */
  async raiseReads(reads: readonly ReadMark[]): Promise<void> {
    if (reads.length === 0) return;
    const pipeline = this.#redis.pipeline();
    for (const { user, room, read } of reads) {
      pipeline.eval(RAISE_READ, 2, roomListKey(user), roomListEpochKey(user), room, read, EPOCH_SECONDS);
    }
    try {
      checkAll(await pipeline.exec());
    } catch (error) {
      this.#logger.warn({ err: error }, 'cursors could not be cached');
      this.#remember(reads.map(({ user }) => user));
    }
  }

  /** Whoever's cached list still tells the room's `v` of before: this one is the newer. Before the room is told of it. */
  async raiseVersion(room: string, v: number): Promise<void> {
    try {
      await this.#redis.eval(RAISE, 1, roomVersionKey(room), v, EPOCH_SECONDS);
    } catch (error) {
      this.#logger.warn({ err: error }, 'a version could not be raised');
    }
  }

  async #lists(users: readonly string[]): Promise<Map<string, Rooms>> {
    const members = await this.#members.ofUsers(users);
    const ids = [...new Set(members.map(({ room }) => room))];
    const rooms = new Map((await this.#rooms.byIds(ids)).map((room) => [room.id, room]));
    const lists = new Map<string, Rooms>(users.map((user) => [user, {}]));
    for (const member of members) {
      const room = rooms.get(member.room);
      const list = lists.get(member.user);
      // A membership without its room is what a half-done creation or deletion leaves.
      if (room !== undefined && list !== undefined)
        list[room.id] = [member.readSeq, room.v, room.memberCount];
    }
    return lists;
  }

  /** Of those of whom there is something to say. */
  async #selves(users: readonly string[]): Promise<Map<string, Self>> {
    const [found, blockers] = await Promise.all([this.#users.byIds(users), this.#blocks.blockersOf(users)]);
    const selves = found.map(({ id, v = 0, hidePresence }): [string, Self] => {
      const unseen = blockers.get(id);
      const hidden = hidePresence === true ? { hidden: true } : {};
      return [id, { v, ...hidden, ...(unseen === undefined ? {} : { unseen }) }];
    });
    return new Map(selves.filter(([, self]) => Object.keys(self).length > 1 || self.v > 0));
  }

  /** undefined where Redis is away: then nothing is filled. */
  async #epochs(users: readonly string[]): Promise<Map<string, string> | undefined> {
    const pipeline = this.#redis.pipeline();
    for (const user of users) pipeline.get(roomListEpochKey(user));
    try {
      const values = checkAll(await pipeline.exec());
      return new Map(users.map((user, i) => [user, String(values[i] ?? '0')]));
    } catch (error) {
      this.#logger.warn({ err: error }, 'room lists cannot be cached');
      return undefined;
    }
  }

  async #fill(
    lists: ReadonlyMap<string, Rooms>,
    selves: ReadonlyMap<string, Self>,
    epochs: ReadonlyMap<string, string> | undefined,
  ): Promise<void> {
    if (epochs === undefined) return;
    const pipeline = this.#redis.pipeline();
    for (const [user, rooms] of lists) {
      const keys = [roomListKey(user), roomListEpochKey(user)];
      const text = encodeRoomList(rooms, selves.get(user));
      pipeline.eval(FILL, 2, ...keys, epochs.get(user) ?? '0', text, ROOM_LIST_SECONDS);
    }
    try {
      checkAll(await pipeline.exec());
    } catch (error) {
      this.#logger.warn({ err: error }, 'room lists could not be cached');
    }
  }
}

function unlessHeld(rooms: Rooms, held: string | undefined): Pick<RoomListAnswer, 'rooms'> {
  return held !== undefined && held === digestOf(rooms) ? {} : { rooms };
}

function digestOf(rooms: Rooms): string {
  const digest = new ListDigest();
  for (const room in rooms) {
    const [readSeq, v, members] = rooms[room] ?? [0, 0, 0];
    digest.add(room, readSeq, v, members);
  }
  return digest.toString();
}

function selfOf(selves: ReadonlyMap<string, Self>, user: string): { readonly self?: Self } {
  const self = selves.get(user);
  return self === undefined ? {} : { self };
}

/** The results of a pipeline; throws the first error among them. */
function checkAll(results: [error: Error | null, result: unknown][] | null): unknown[] {
  return (results ?? []).map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  });
}
