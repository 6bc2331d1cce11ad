/** A cluster of stand-ins behind a real NGINX, with a real Redis and no store; run as a program it starts one on the folder it is given. */
import { join } from 'node:path';
import type { ClusterOptions } from '../../local/cluster-options.ts';
import { startCluster, type Cluster } from '../../local/cluster.ts';
import { findNginx } from '../../local/find/nginx.ts';
import { findRedis } from '../../local/find/redis.ts';
import { silent } from '../../local/output.ts';

export async function startStandIns(options: ClusterOptions): Promise<Cluster> {
  const script = [join(import.meta.dirname, 'stand-in.mjs')];
  return await startCluster({
    entries: { api: script, gateway: script },
    servers: {
      mongo: { kind: 'url', url: 'mongodb://127.0.0.1:1/none', about: 'none' },
      redis: await findRedis({}, silent),
      nginx: await findNginx(silent),
    },
    ...options,
  });
}

if (import.meta.filename === process.argv[1]) {
  const [data = ''] = process.argv.slice(2);
  const cluster = await startStandIns({ data });
  console.log(JSON.stringify({ pids: cluster.processes.map((item) => item.identity?.pid) }));
}
