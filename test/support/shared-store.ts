import type { ClusterOptions } from '../../local/cluster-options.ts';
import { startTestCluster, type TestCluster } from './cluster.ts';
import { startDatabase } from './servers.ts';

/**
 * A cluster with a database of its own in the store of this mocha process, which takes seconds less to start than a store
 * of its own. Not for who ends or stops the store, nor outside mocha.
 */
export async function startClusterOnSharedStore(options: Partial<ClusterOptions> = {}): Promise<TestCluster> {
  const { REDIS_URL: _redis, ...env } = process.env;
  // One that is given is shared as it is, and cleaned.
  if (env['MONGODB_URL'] !== undefined) return startTestCluster(options);
  return startTestCluster({ ...options, serverEnv: { ...env, MONGODB_URL: await startDatabase() } });
}
