import type { ClusterOptions } from '../../local/cluster-options.ts';
import { startTestCluster, type TestCluster } from './cluster.ts';
import type { Person } from './person.ts';
import type { RawSocket } from './raw-socket.ts';
import { shared } from './shared.ts';

const everybodys = shared(
  () => startTestCluster(),
  (cluster) => cluster.stop(),
);

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
 * Call inside `describe`: two API nodes and two gateways, the same for all suites that give no `own`. Who ends processes or
 * wants them otherwise has a cluster of their own; it is whole before each test.
 */
export function useCluster(own?: Partial<ClusterOptions>): Ground {
  let parley: TestCluster | undefined;
  const sockets: RawSocket[] = [];
  before(async function () {
    this.timeout(300_000);
    parley = await (own === undefined ? everybodys() : startTestCluster(own));
  });
  after(async function () {
    this.timeout(60_000);
    if (own !== undefined) await parley?.stop();
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
