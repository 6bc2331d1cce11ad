import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ParleyError } from '../../../shared/node/errors.ts';
import { rateLimitPrefix } from '../../../shared/node/keys.ts';
import type { Limit } from '../../../shared/node/limit.ts';

/** Counts by key in Redis for all nodes together; while Redis is away, each node counts by itself. */
export function createCounter(redis: Redis, group: string, { points, seconds }: Limit): RateLimiterRedis {
  const options = { keyPrefix: rateLimitPrefix(group), points, duration: seconds };
  return new RateLimiterRedis({
    ...options,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(options),
  });
}

/** What the counter says when it refuses; undefined for any other error. */
export const refusalOf = (error: unknown): RateLimiterRes | undefined =>
  error instanceof RateLimiterRes ? error : undefined;

export const tooMany = (retryAfterMs: number): ParleyError =>
  new ParleyError('rate_limited', `Too many attempts. Try again in ${inWords(retryAfterMs)}.`, {
    retryAfterMs: Math.max(1_000, Math.ceil(retryAfterMs)),
  });

function inWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
