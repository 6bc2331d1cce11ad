import { findMongo, type MongoChoice } from './find/mongodb.ts';
import { findNginx, type NginxChoice } from './find/nginx.ts';
import { findRedis, type RedisChoice } from './find/redis.ts';
import { silent, type Output } from './output.ts';

/** The servers a cluster stands on. */
export interface Servers {
  readonly mongo: MongoChoice;
  readonly redis: RedisChoice;
  readonly nginx: NginxChoice;
}

/** Finds each server, or installs it where that is possible; throws SetupError for the first that cannot be had. */
export async function ensureServers(
  env: NodeJS.ProcessEnv = process.env,
  output: Output = silent,
): Promise<Servers> {
  // One after the other: apt allows only one at a time. What can be refused at once is looked at first.
  const named = env['MONGODB_URL'] ? await findMongo(env, output) : undefined;
  const redis = await findRedis(env, output);
  const nginx = await findNginx(output);
  const mongo = named ?? (await findMongo(env, output));
  return { mongo, redis, nginx };
}
