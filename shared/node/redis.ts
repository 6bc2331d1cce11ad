import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from './logger.ts';

/** ms a command may take: Redis answers in well under one, so a silent one is away. */
const COMMAND_TIMEOUT = 1_000;
const KEEP_ALIVE = 5_000;

/** 50 ms doubling to 2 s, with jitter: a cluster must not come back in step. */
const backoff = (attempt: number): number =>
  Math.min(50 * 2 ** Math.min(attempt, 8), 2_000) * (0.75 + Math.random() / 2);

const common = {
  enableOfflineQueue: false,
  commandTimeout: COMMAND_TIMEOUT,
  connectTimeout: 2_000,
  keepAlive: KEEP_ALIVE,
  // A command cut off by a lost connection fails at once: its caller knows better than a late repetition.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  retryStrategy: backoff,
} satisfies RedisOptions;

/**
 * A connection for commands that never queues while Redis is away: a call rejects within about a second. A connection
 * that stays silent so long is given up, so that whoever calls next is refused at once instead of waiting as well, until
 * a new one has answered.
 */
export function connectCommands(url: string, logger: Logger): Redis {
  const options = { ...common, socketTimeout: COMMAND_TIMEOUT, enableAutoPipelining: true };
  return watched(new Redis(url, options), 'commands', logger);
}

/** A connection for subscriptions. Who uses it subscribes again by itself after a loss. */
export function connectSubscriber(url: string, logger: Logger): Redis {
  return watched(new Redis(url, { ...common, autoResubscribe: false }), 'subscriber', logger);
}

/** Logs each change of state once; a reconnecting client reports every failed attempt, which says nothing new. */
function watched(redis: Redis, role: string, logger: Logger): Redis {
  let reported = false;
  redis.on('error', (error: Error) => {
    if (reported) return;
    reported = true;
    logger.warn({ err: error, role }, 'Redis cannot be reached');
  });
  redis.on('ready', () => {
    if (reported) logger.info({ role }, 'Redis is back');
    reported = false;
  });
  redis.on('close', () => {
    if (reported || redis.status === 'end') return;
    reported = true;
    logger.warn({ role }, 'the Redis connection was lost');
  });
  return redis;
}

/** Resolves when the connection is usable, or after `timeoutMs` if it is not: a process starts without Redis, too. */
export function settled(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      redis.off('ready', done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    redis.once('ready', done);
  });
}
