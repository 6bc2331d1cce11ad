import type { ClusterOptions } from '../../local/cluster-options.ts';
import type { TestCluster } from './cluster.ts';
import type { Person } from './person.ts';
import type { RawSocket } from './raw-socket.ts';
import { startClusterOnSharedStore } from './shared-store.ts';
import { shared } from './shared.ts';

const stop = (cluster: TestCluster): Promise<void> => cluster.stop();
const SHARED = {
  calm: shared(() => startClusterOnSharedStore(), stop),
  rough: shared(() => startClusterOnSharedStore(), stop),
} as const;

export interface Ground {
  readonly parley: TestCluster;
  /** People who have just registered, of these names. */
  people<const N extends readonly string[]>(...names: N): Promise<{ -readonly [I in keyof N]: Person }>;
  /** A socket, ended after the test; to the nth gateway, or through an origin. */
  socket(person: Person, to: number | string): RawSocket;
  /** The same, which has said hello. */
  connect(person: Person, to: number | string, have?: Readonly<Record<string, number>>): Promise<RawSocket>;
}

/**
 * Call inside `describe`: two API nodes and two gateways. The `calm` are the same for all suites that leave them alone, the
 * `rough` for all that end or stop processes, but not the store's. Who wants them otherwise has a cluster of their own. It is
 * whole before each test.
 */
export function useCluster(which: 'calm' | 'rough' | Partial<ClusterOptions> = 'calm'): Ground {
  let parley: TestCluster | undefined;
  const sockets: RawSocket[] = [];
  before(async function () {
    this.timeout(300_000);
    parley = await (typeof which === 'string' ? SHARED[which]() : startClusterOnSharedStore(which));
    await parley.whole();
  });
  after(async function () {
    this.timeout(60_000);
    if (typeof which !== 'string') await parley?.stop();
  });
  beforeEach(() => parley?.whole());
  afterEach(() => {
    for (const { ws } of sockets.splice(0)) ws.terminate();
  });
  const socket = (person: Person, to: number | string): RawSocket => {
    const opened = person.socket(typeof to === 'number' ? parley!.gateway(to) : to);
    sockets.push(opened);
    return opened;
  };
  return {
    get parley() {
      return parley!;
    },
    people: (async (...names: readonly string[]) =>
      Promise.all(names.map((name) => parley!.register(name)))) as Ground['people'],
    socket,
    connect: async (person, to, have) => {
      const opened = socket(person, to);
      await opened.hello(person.token, have);
      return opened;
    },
  };
}
