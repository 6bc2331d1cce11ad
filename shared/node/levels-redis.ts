import type { Redis } from 'ioredis';
import { rateLimitPrefix } from './keys.ts';
import type { Levels } from './levels.ts';
import type { Limit } from './limit.ts';

/**
 * KEYS[1] a bucket, ARGV[1] how many were taken, ARGV[2] how many it holds, ARGV[3] ms in which it fills. By the clock of Redis,
 * so that all processes mean the same; a clock set back fills nothing. It ends when it would be full again anyway.
 */
const DRAW = `
local points, ms = tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local was = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = points
if was[1] then left = math.min(points, was[1] + math.max(0, now - was[2]) * points / ms) end
left = math.max(left - ARGV[1], -points)
redis.call('HSET', KEYS[1], 'left', left, 'at', now)
redis.call('PEXPIRE', KEYS[1], 2 * ms)
return tostring(left)`;

interface Script {
  parleyDraw(key: string, taken: number, points: number, ms: number): Promise<string>;
}

/** One key for each user or address; each ends with its time. */
export class RedisLevels implements Levels {
  readonly #redis: Redis & Script;
  readonly #prefix: string;
  readonly #limit: Limit;

  /** `name`: of the limit, the same in all processes that count together. */
  constructor(redis: Redis, name: string, limit: Limit) {
    redis.defineCommand('parleyDraw', { numberOfKeys: 1, lua: DRAW });
    this.#redis = redis as Redis & Script;
    this.#prefix = rateLimitPrefix(name);
    this.#limit = limit;
  }

  async draw(key: string, taken: number): Promise<number> {
    const { points, seconds } = this.#limit;
    return Number(await this.#redis.parleyDraw(`${this.#prefix}:${key}`, taken, points, seconds * 1_000));
  }
}
