import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RateLimiterRedis } from 'rate-limiter-flexible';
import type { ApiConfig } from '../../../shared/node/config.ts';
import { ParleyError } from '../../../shared/node/errors.ts';
import { createCounter, refusalOf, tooMany } from './counter.ts';

/** Seconds: how long blocks are remembered, and how long one may grow. */
const MEMORY = 86_400;
const LONGEST = 6 * 3_600;

type Config = Pick<ApiConfig, 'RATE_LIMIT_LOGIN' | 'RATE_LIMIT_LOGIN_NAME' | 'RATE_LIMIT_LOGIN_ADDRESS'>;

/**
 * Wrong passwords in a row: for one name from one address, for one name from anywhere, and from one address. Names nobody has
 * count like any other, so that the limit tells nothing. Each block of a name at an address is twice as long as the one before.
 */
export class LoginLimits {
  readonly #pairs: RateLimiterRedis;
  readonly #names: RateLimiterRedis;
  readonly #addresses: RateLimiterRedis;
  readonly #blocks: RateLimiterRedis;
  readonly #seconds: number;

  constructor(redis: Redis, config: Config) {
    this.#pairs = createCounter(redis, 'login', config.RATE_LIMIT_LOGIN);
    this.#names = createCounter(redis, 'login-name', config.RATE_LIMIT_LOGIN_NAME);
    this.#addresses = createCounter(redis, 'login-address', config.RATE_LIMIT_LOGIN_ADDRESS);
    this.#blocks = createCounter(redis, 'login-blocks', { points: 1_000, seconds: MEMORY });
    this.#seconds = config.RATE_LIMIT_LOGIN.seconds;
  }

  /** Lets `login` try, unless too many failed. An attempt counts before it is made: many at once are as many. */
  async attempt<T>(username: string, address: string, login: () => Promise<T>): Promise<T> {
    const name = digest(username.toLowerCase());
    const pair = `${name}:${address}`;
    await this.#take(name, address, pair);
    try {
      const result = await login();
      await Promise.all([this.#forgive(name, address), this.#pairs.delete(pair), this.#blocks.delete(pair)]);
      return result;
    } catch (error) {
      const isWrong = error instanceof ParleyError && error.code === 'unauthorized';
      if (!isWrong) await Promise.all([this.#forgive(name, address), this.#pairs.reward(pair)]);
      throw error;
    }
  }

  /** What is refused is no attempt: it counts where it was refused and nowhere else. */
  async #take(name: string, address: string, pair: string): Promise<void> {
    await this.#takePair(pair);
    try {
      await take(this.#addresses, address);
    } catch (error) {
      await this.#pairs.reward(pair);
      throw error;
    }
    try {
      await take(this.#names, name);
    } catch (error) {
      await Promise.all([this.#pairs.reward(pair), this.#addresses.reward(address)]);
      throw error;
    }
  }

  async #takePair(pair: string): Promise<void> {
    try {
      await this.#pairs.consume(pair);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      // The first refusal of a row begins the block.
      if (refusal.consumedPoints !== this.#pairs.points + 1) throw tooMany(refusal.msBeforeNext);
      const { consumedPoints: blocks } = await this.#blocks.penalty(pair);
      const seconds = Math.min(LONGEST, this.#seconds * 2 ** (blocks - 1));
      await this.#pairs.block(pair, seconds);
      throw tooMany(seconds * 1_000);
    }
  }

  async #forgive(name: string, address: string): Promise<void> {
    await Promise.all([this.#names.reward(name), this.#addresses.reward(address)]);
  }
}

async function take(counter: RateLimiterRedis, key: string): Promise<void> {
  try {
    await counter.consume(key);
  } catch (error) {
    const refusal = refusalOf(error);
    throw refusal === undefined ? error : tooMany(refusal.msBeforeNext);
  }
}

/** What people type as a name may be an address or a password: it stands nowhere as it is. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);
