import { join } from 'node:path';
import { entriesOf, type NodeEntries } from '../../local/nodes.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { Links, type RemoteLink } from './links.ts';
import type { Broken } from './options.ts';

/** A cluster with weak links: between half of the clients and NGINX, and between all nodes and Redis. */
export interface Stage {
  readonly parley: TestCluster;
  readonly links: { readonly clients: RemoteLink; readonly redis: RemoteLink };
  /** Where the clients behind the weak link connect. */
  readonly farOrigin: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function setStage(broken: Broken | undefined): Promise<Stage> {
  const process = new Links();
  try {
    const links = { clients: await process.open('clients'), redis: await process.open('redis') };
    const parley = await startParley(broken, links.redis);
    await links.clients.leadTo(HOST, Number(new URL(parley.place.origin).port));
    return {
      ...{ parley, links, farOrigin: `https://localhost:${links.clients.port}` },
      close: async () => {
        await parley.stop();
        await process.close();
      },
    };
  } catch (error) {
    await process.close();
    throw error;
  }
}

async function startParley(broken: Broken | undefined, redis: RemoteLink): Promise<TestCluster> {
  const entries = brokenEntries(broken);
  return startTestCluster({
    ...(entries === undefined ? {} : { entries }),
    nodeEnv: async ({ redisUrl }) => {
      const url = new URL(redisUrl);
      await redis.leadTo(url.hostname, Number(url.port));
      url.host = `${HOST}:${redis.port}`;
      return { REDIS_URL: url.href };
    },
  });
}

/** The product from its sources, with one part swapped where it is a node's; undefined: the product as built. */
function brokenEntries(broken: Broken | undefined): NodeEntries | undefined {
  if (broken === undefined || broken === 'repair') return undefined;
  const source = entriesOf('source');
  const entry = ['--import', 'tsx', join(import.meta.dirname, 'broken', `${broken}.ts`)];
  return broken === 'positioning' ? { ...source, gateway: entry } : { ...source, api: entry };
}
