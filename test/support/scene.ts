/** The scene of most suites over REST: two API nodes on the same servers and three people. */
import { startApi, type Account, type ApiNode } from './api-node.ts';
import { startServers, type TestServers } from './servers.ts';
import { shared } from './shared.ts';

/** Two nodes of one cluster, and three people who have registered; bob and eve are strangers to ann until a test says otherwise. */
export interface Scene extends Nodes {
  readonly ann: Account;
  readonly bob: Account;
  readonly eve: Account;
}
interface Nodes {
  readonly servers: TestServers;
  readonly api: ApiNode;
  readonly other: ApiNode;
}

async function startNodes(servers: TestServers, env: Readonly<Record<string, string>> = {}): Promise<Nodes> {
  const [api, other] = await Promise.all([startApi({ servers, env }), startApi({ servers, env })]);
  return { servers, api, other };
}

async function stopNodes({ api, other }: Nodes): Promise<void> {
  await Promise.all([api.stop(), other.stop()]);
}

const everybodys = shared(async () => {
  const { mongodbUrl, redisUrl } = await startServers();
  // Leases are in Redis: who has nodes of their own meanwhile, on another store, must not wait for these.
  const url = new URL(redisUrl);
  url.pathname = '/1';
  return startNodes({ mongodbUrl, redisUrl: url.href });
}, stopNodes);

/**
 * Call inside `describe`: people of its own on nodes that are the same for all suites that give no `env`. None finds an
 * empty database: what a test counts is its own.
 * @param take gets the scene before the first test.
 * @param env what two nodes of this suite's own are started with.
 */
export function useScene(take: (scene: Scene) => unknown, env?: Readonly<Record<string, string>>): void {
  let nodes: Nodes | undefined;
  before(async function () {
    this.timeout(240_000);
    nodes = await (env === undefined ? everybodys() : startNodes(await startServers(), env));
    const { api } = nodes;
    const [ann, bob, eve] = await Promise.all([
      api.register('ann'),
      api.register('bob'),
      api.register('eve'),
    ]);
    take({ ...nodes, ann, bob, eve });
  });
  after(async () => {
    if (env !== undefined && nodes !== undefined) await stopNodes(nodes);
  });
}
