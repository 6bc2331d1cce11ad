import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { reason, SetupError } from '../errors.ts';

/** ms after which a server named by a URL counts as dead. */
const TIMEOUT = 4_000;

/** What answers at REDIS_URL; throws SetupError with one line when nothing does. */
export async function askRedis(url: string): Promise<string> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  const problem: { last?: unknown } = {};
  redis.on('error', (error: unknown) => (problem.last = error));
  try {
    await redis.connect();
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '';
    return `Redis ${version} at ${withoutPassword(url)} (REDIS_URL)`;
  } catch (error) {
    throw dead('REDIS_URL', url, problem.last ?? error, 'a local Redis');
  } finally {
    redis.disconnect();
  }
}

/** What answers at MONGODB_URL; throws SetupError with one line when nothing does. */
export async function askMongo(url: string): Promise<string> {
  try {
    const client = new mongoose.mongo.MongoClient(url, {
      serverSelectionTimeoutMS: TIMEOUT,
      connectTimeoutMS: TIMEOUT,
    });
    try {
      const info = await client.db().command({ buildInfo: 1 });
      return `MongoDB ${String(info['version'] ?? '')} at ${withoutPassword(url)} (MONGODB_URL)`;
    } finally {
      await client.close();
    }
  } catch (error) {
    throw dead('MONGODB_URL', url, error, 'a local store');
  }
}

function dead(variable: string, url: string, error: unknown, instead: string): SetupError {
  const why = withoutPassword(reason(error)).slice(0, 200);
  return new SetupError(
    `${variable}=${withoutPassword(url)} cannot be used: ${why}; start that server, correct the variable, or unset it for ${instead}`,
    { cause: error },
  );
}

/** A URL fit for the terminal. */
export const withoutPassword = (url: string): string => url.replace(/\/\/[^@/\s]*@/g, '//…@');
