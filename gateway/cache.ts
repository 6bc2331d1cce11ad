import type { Redis } from 'ioredis';
import type { RoomList, Self } from '../shared/node/internal.ts';
import { counterKey, endedSessionKey, roomListKey, roomVersionKey } from '../shared/node/keys.ts';
import { decodeCachedList } from '../shared/node/room-list.ts';

/** What a gateway reads from Redis. Rejects within about a second while Redis is away; nothing here is needed for good. */
export interface Cache {
  /** In the order asked; undefined where Redis has none. */
  counters(rooms: readonly string[]): Promise<readonly (number | undefined)[]>;
  /** The rooms' `v`, where they changed lately; in the order asked. */
  versions(rooms: readonly string[]): Promise<readonly (number | undefined)[]>;
  /** Changes when Redis restarted, perhaps with older data. */
  runId(): Promise<string>;
  /** `rooms` is undefined where no list is cached. */
  cachedRoomList(
    user: string,
    session: string,
  ): Promise<{ rooms: RoomList['rooms'] | undefined; self?: Self | undefined; isEnded: boolean }>;
}

/** Keys in one MGET: long enough to be cheap, short enough not to keep Redis from others. */
const KEYS_PER_COMMAND = 500;

export class RedisCache implements Cache {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async counters(rooms: readonly string[]): Promise<readonly (number | undefined)[]> {
    return this.#numbers(rooms.map(counterKey));
  }

  async versions(rooms: readonly string[]): Promise<readonly (number | undefined)[]> {
    return this.#numbers(rooms.map(roomVersionKey));
  }

  async runId(): Promise<string> {
    return /^run_id:(\w+)/m.exec(await this.#redis.info('server'))?.[1] ?? '';
  }

  async cachedRoomList(
    user: string,
    session: string,
  ): Promise<{ rooms: RoomList['rooms'] | undefined; self?: Self | undefined; isEnded: boolean }> {
    const [text, ended] = await Promise.all([
      this.#redis.get(roomListKey(user)),
      this.#redis.exists(endedSessionKey(session)),
    ]);
    const list = text === null ? undefined : decodeCachedList(text);
    return { rooms: list?.rooms, self: list?.self, isEnded: ended > 0 };
  }

  async #numbers(keys: readonly string[]): Promise<(number | undefined)[]> {
    const reads: Promise<(string | null)[]>[] = [];
    for (let i = 0; i < keys.length; i += KEYS_PER_COMMAND) {
      reads.push(this.#redis.mget(keys.slice(i, i + KEYS_PER_COMMAND)));
    }
    return (await Promise.all(reads)).flat().map(numberIn);
  }
}

function numberIn(text: string | null): number | undefined {
  const value = text === null ? NaN : Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
