/** The scene of most suites over REST: two API nodes on the same servers and three people. */
import { startApi, type Account, type ApiNode } from './api-node.ts';
import { startServers, type TestServers } from './servers.ts';

/** Two nodes of one cluster, and three people who have registered; bob and eve are strangers to ann until a test says otherwise. */
export interface Scene {
  readonly servers: TestServers;
  readonly api: ApiNode;
  readonly other: ApiNode;
  readonly ann: Account;
  readonly bob: Account;
  readonly eve: Account;
}

/**
 * Starts the scene before the suite that calls it and stops it after.
 * @param take gets the scene before the first test.
 * @param env what both nodes are started with beside the test's own.
 */
export function useScene(take: (scene: Scene) => unknown, env: Readonly<Record<string, string>> = {}): void {
  let nodes: readonly ApiNode[] = [];
  before(async function () {
    this.timeout(240_000);
    const servers = await startServers();
    const [api, other] = await Promise.all([startApi({ servers, env }), startApi({ servers, env })]);
    nodes = [api, other];
    const [ann, bob, eve] = await Promise.all([
      api.register('ann'),
      api.register('bob'),
      api.register('eve'),
    ]);
    take({ servers, api, other, ann, bob, eve });
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  });
}
