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

  /** ms until `key` has one; 0 where it has. Takes none. */
  waitFor(key: string): number {
    const bucket = this.#buckets.get(key);
    if (this.#limit === undefined || bucket === undefined) return 0;
    const { tokens, rate } = this.#filled(bucket, this.#limit);
    return tokens < 1 ? Math.ceil((1 - tokens) / rate) : 0;
  }

  /** Takes one of `key`'s; gives 0, or the ms until there is one, and takes none. */
  take(key: string): number {
    if (this.#limit === undefined) return 0;
    const now = this.#now();
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#buckets.set(key, { tokens: this.#limit.points - 1, at: now });
      return 0;
    }
    const { tokens, rate } = this.#filled(bucket, this.#limit);
    bucket.tokens = tokens;
    bucket.at = now;
    if (tokens < 1) return Math.ceil((1 - tokens) / rate);
    bucket.tokens -= 1;
    return 0;
  }

  #filled(bucket: Bucket, { points, seconds }: Limit): { tokens: number; rate: number } {
    const rate = points / (seconds * 1_000);
    return { tokens: Math.min(points, bucket.tokens + (this.#now() - bucket.at) * rate), rate };
  }
}
