import type { Redis } from 'ioredis';
import { counterKey } from '../../../shared/node/keys.ts';
import type { Counter } from './counter.ts';

/** KEYS[1] counter, ARGV[1] how many, ARGV[2] its lifetime. Never counts a missing key: that must be seeded from the store first. */
const TAKE = `
local value = redis.call('GET', KEYS[1])
if not value then return nil end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('INCRBY', KEYS[1], ARGV[1])`;
/** KEYS[1] counter, ARGV[1] value, ARGV[2] its lifetime. Only ever raises. */
const RAISE = `
local value = redis.call('GET', KEYS[1])
if not value or tonumber(value) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
return 1`;

/** Seconds a counter lives on unused: one that is missing is seeded again, so that none has to stay for good. */
const LIFETIME = 30 * 24 * 3_600;
/** Seconds a deleted room's counter lives on: longer than any request. */
const RETIRED_SECONDS = 3_600;

interface Scripts {
  parleyTake(key: string, count: number, lifetime: number): Promise<number | null>;
  parleyRaise(key: string, value: number, lifetime: number): Promise<number>;
}

/** One pipeline a call; the connection must not queue while Redis is away. */
export class RedisCounter implements Counter {
  readonly #redis: Redis & Scripts;

  constructor(redis: Redis) {
    redis.defineCommand('parleyTake', { numberOfKeys: 1, lua: TAKE });
    redis.defineCommand('parleyRaise', { numberOfKeys: 1, lua: RAISE });
    this.#redis = redis as Redis & Scripts;
  }

  async take(
    requests: readonly { readonly room: string; readonly count: number }[],
  ): Promise<readonly (number | undefined)[]> {
    const tops = await Promise.all(
      requests.map(({ room, count }) => this.#redis.parleyTake(counterKey(room), count, LIFETIME)),
    );
    return tops.map((top, i) => (top === null ? undefined : top - (requests[i]?.count ?? 1) + 1));
  }

  async raise(room: string, value: number): Promise<void> {
    await this.#redis.parleyRaise(counterKey(room), value, LIFETIME);
  }

  async read(rooms: readonly string[]): Promise<readonly (number | undefined)[]> {
    const values = await Promise.all(rooms.map((room) => this.#redis.get(counterKey(room))));
    return values.map((value) => (value === null ? undefined : Number(value)));
  }

  async retire(room: string): Promise<void> {
    await this.#redis.expire(counterKey(room), RETIRED_SECONDS);
  }
}
