import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { INDEXER_LEASE_KEY } from '../../../shared/node/keys.ts';
import type { Logger } from '../../../shared/node/logger.ts';

/** ms after which another node takes over from one that died; far above the time between two renewals. */
const LEASE = 6_000;

/** Keeps nodes from doing the same work twice. Never rejects, and promises nothing: twice does no harm. */
export interface Lease {
  /** Takes or renews it; true where this node may work. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

// KEYS[1] the lease; ARGV[1] who asks; ARGV[2] ms.
const HOLD = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;
// KEYS[1] the lease; ARGV[1] who gives it back.
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** One node of the cluster at a time does what the lease is for. Without Redis each does. */
export class RedisLease implements Lease {
  readonly #redis: Redis;
  readonly #logger: Logger;
  readonly #key: string;
  readonly #id = randomUUID();

  /** `key`: whose lease it is. */
  constructor(redis: Redis, logger: Logger, key = INDEXER_LEASE_KEY) {
    this.#redis = redis;
    this.#logger = logger;
    this.#key = key;
  }

  async hold(): Promise<boolean> {
    try {
      return (await this.#redis.eval(HOLD, 1, this.#key, this.#id, LEASE)) === 1;
    } catch (error) {
      this.#logger.debug({ err: error }, 'no lease: working without');
      return true;
    }
  }

  async release(): Promise<void> {
    await this.#redis
      .eval(RELEASE, 1, this.#key, this.#id)
      .catch((error: unknown) => this.#logger.debug({ err: error }, 'the lease will run out by itself'));
  }
}
