import type { Redis } from 'ioredis';
import type { RateLimiterRedis } from 'rate-limiter-flexible';
import type { ApiConfig, ApiLimit } from '../../../shared/node/config.ts';
import { RedisLevels } from '../../../shared/node/levels-redis.ts';
import type { Limit } from '../../../shared/node/limit.ts';
import { TokenBuckets } from '../../../shared/node/token-buckets.ts';
import { createCounter, refusalOf, tooMany } from './counter.ts';
import { LoginLimits } from './logins.ts';

/** What is counted in Redis, by user or address. */
export type Group = 'register' | 'refresh' | 'password' | 'search' | 'users' | 'upload' | 'rooms' | 'invites';
const GROUPS: readonly Group[] = [
  'register',
  'refresh',
  'password',
  'search',
  'users',
  'upload',
  'rooms',
  'invites',
];

/**
 * How often one may ask. Rare and dear calls are counted in Redis; for sends and calls as such this process decides, and
 * tells the others what went.
 */
export class Limits {
  readonly #counters: ReadonlyMap<Group, RateLimiterRedis>;
  readonly #logins: LoginLimits | undefined;
  readonly #sends: TokenBuckets;
  readonly #calls: TokenBuckets;

  constructor(redis: Redis, config: ApiConfig) {
    const isOn = config.RATE_LIMITS === 'on';
    const groups = isOn ? GROUPS : [];
    const of = (group: Group) => config[`RATE_LIMIT_${group.toUpperCase()}` as ApiLimit];
    this.#counters = new Map(groups.map((group) => [group, createCounter(redis, group, of(group))]));
    this.#logins = isOn ? new LoginLimits(redis, config) : undefined;
    const buckets = (name: string, limit: Limit) =>
      new TokenBuckets(isOn ? limit : undefined, { levels: new RedisLevels(redis, name, limit) });
    this.#sends = buckets('send', config.RATE_LIMIT_SEND);
    this.#calls = buckets('calls', config.RATE_LIMIT_CALLS);
  }

  /** Counts one; throws `rate_limited`. */
  async take(group: Group, key: string): Promise<void> {
    try {
      await this.#counters.get(group)?.consume(key);
    } catch (error) {
      const refusal = refusalOf(error);
      throw refusal === undefined ? error : tooMany(refusal.msBeforeNext);
    }
  }

  login<T>(username: string, address: string, login: () => Promise<T>): Promise<T> {
    return this.#logins === undefined ? login() : this.#logins.attempt(username, address, login);
  }

  /** A message over REST; throws `rate_limited`. */
  send(user: string): void {
    const wait = this.#sends.take(user);
    if (wait > 0) throw tooMany(wait);
  }

  /** Any other call; throws `rate_limited`. */
  call(user: string): void {
    const wait = this.#calls.take(user);
    if (wait > 0) throw tooMany(wait);
  }
}
