import { LRUCache } from 'lru-cache';
import type { Limit } from './limit.ts';

interface Bucket {
  tokens: number;
  /** ms of the clock when `tokens` was right. */
  at: number;
}

/** Keys remembered; the least recently used go, which are full again anyway unless tens of thousands press at once. */
const MAX_KEYS = 20_000;

/**
 * A token bucket for each key, in this process alone: what is too frequent for a round trip to Redis. It holds as many as
 * the limit has, and fills at the limit's rate.
 */
export class TokenBuckets {
  readonly #limit: Limit | undefined;
  readonly #now: () => number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAX_KEYS });

  /** Without a limit everything passes. */
  constructor(limit: Limit | undefined, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Takes one of `key`'s; gives 0, or the ms until there is one, and takes none. */
  take(key: string): number {
    if (this.#limit === undefined) return 0;
    const { points, seconds } = this.#limit;
    const rate = points / (seconds * 1_000);
    const now = this.#now();
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#buckets.set(key, { tokens: points - 1, at: now });
      return 0;
    }
    bucket.tokens = Math.min(points, bucket.tokens + (now - bucket.at) * rate);
    bucket.at = now;
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / rate);
    bucket.tokens -= 1;
    return 0;
  }
}
