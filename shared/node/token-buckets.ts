import { LRUCache } from 'lru-cache';
import type { Levels } from './levels.ts';
import type { Limit } from './limit.ts';

interface Bucket {
  tokens: number;
  /** ms of the clock when `tokens` was right. */
  at: number;
  /** Taken since `since`, and not told to the others. */
  untold: number;
  /** ms of the clock. */
  since: number;
}

/** Keys remembered; the least recently used go, which are full again anyway unless tens of thousands press at once. */
const MAX_KEYS = 20_000;
/** The part of a bucket that is told to the other processes at once: so who keeps to a sixteenth costs no call to anybody. */
const TOLD = 16;

/**
 * A token bucket for each key: for what is too frequent for a round trip to Redis. It holds as many as the limit has, and
 * fills at the limit's rate. It decides in this process, at once; with `levels` the processes tell each other what went,
 * a sixteenth of the bucket at a time, and hold one bucket between them but for those sixteenths.
 */
export class TokenBuckets {
  readonly #limit: Limit | undefined;
  readonly #now: () => number;
  readonly #levels: Levels | undefined;
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAX_KEYS });

  /** Without a limit everything passes. */
  constructor(
    limit: Limit | undefined,
    { now = () => performance.now(), levels }: { now?: () => number; levels?: Levels | undefined } = {},
  ) {
    this.#limit = limit;
    this.#now = now;
    this.#levels = levels;
  }

  /** ms until `key` has one; 0 where it has. Takes none. */
  waitFor(key: string): number {
    const bucket = this.#buckets.get(key);
    if (this.#limit === undefined || bucket === undefined) return 0;
    return waitOf(filled(bucket, this.#limit, this.#now()), this.#limit);
  }

  /** Takes one of `key`'s; gives 0, or the ms until there is one, and takes none. */
  take(key: string): number {
    const limit = this.#limit;
    if (limit === undefined) return 0;
    const now = this.#now();
    const bucket =
      this.#buckets.get(key) ?? this.#add(key, { tokens: limit.points, at: now, untold: 0, since: now });
    bucket.tokens = filled(bucket, limit, now);
    bucket.at = now;
    const wait = waitOf(bucket.tokens, limit);
    if (wait > 0) return wait;
    bucket.tokens -= 1;
    if (this.#levels !== undefined) this.#count(key, bucket, limit, this.#levels);
    return 0;
  }

  #add(key: string, bucket: Bucket): Bucket {
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #count(key: string, bucket: Bucket, limit: Limit, levels: Levels): void {
    if (bucket.at - bucket.since > limit.seconds * 1_000) {
      bucket.untold = 0;
      bucket.since = bucket.at;
    }
    bucket.untold += 1;
    if (bucket.untold * TOLD < limit.points) return;
    const taken = bucket.untold;
    bucket.untold = 0;
    bucket.since = bucket.at;
    levels.draw(key, taken).then(
      (left) => {
        const now = this.#now();
        bucket.tokens = Math.min(filled(bucket, limit, now), left);
        bucket.at = now;
      },
      // Redis is away, which its connection has said: each process counts for itself.
      () => undefined,
    );
  }
}

function filled({ tokens, at }: Bucket, { points, seconds }: Limit, now: number): number {
  return Math.min(points, tokens + ((now - at) * points) / (seconds * 1_000));
}

/** ms until there is one. */
function waitOf(tokens: number, { points, seconds }: Limit): number {
  return tokens < 1 ? Math.ceil(((1 - tokens) * seconds * 1_000) / points) : 0;
}
