/**
 * `npx tsx test/reliability/rolling.ts --sockets 2000 --rate 100`: every API node and gateway is started again, one after
 * the other, while people talk. A socket may drop only when its own gateway goes, and is told so.
 */
import { CloseCode } from '../../shared/wire/protocol.ts';
import { silent } from '../../local/output.ts';
import type { Cluster } from '../../local/cluster.ts';
import { Attempts } from './attempts.ts';
import { judgeAll, openReaders, startLanes } from './crowd.ts';
import { inSeconds, spread, table, told } from './figures.ts';
import { Ledger } from './ledger.ts';
import { Network } from './network.ts';
import { readNumbers } from './options.ts';
import { pause } from './pause.ts';
import { socketsOf } from './probes.ts';
import type { Reader } from './reader.ts';
import { experiment, type Outcome } from './run.ts';
import { settleTown } from './town.ts';

const SETTLE = 30_000;
/** ms of talk before and after. */
const STEADY = 10_000;

/** A node has come back. */
interface Step {
  readonly node: string;
  readonly at: number;
  /** Sockets of each gateway then. */
  readonly sockets: Promise<readonly number[]>;
  /** Sockets on their way back then: they may still land on the node whose turn it is. */
  readonly away: number;
}

const options = readNumbers(process.argv.slice(2), {
  sockets: 2_000,
  rate: 100,
  users: 1_000,
  rooms: 2,
  members: 50,
  api: 2,
  gateways: 3,
});

const steps: Step[] = [];
let cluster: Cluster | undefined;
let readers: readonly Reader[] = [];
function note(node: string, of: Cluster): void {
  const away = readers.filter(({ isReady }) => !isReady).length;
  steps.push({ node, at: performance.now(), sockets: socketsOf(of), away });
}
const output = {
  ...silent,
  line: (node: string, text: string): void => {
    if (text !== 'started again' || cluster === undefined) return;
    note(node, cluster);
  },
};

await experiment(
  { api: options.api, gateways: options.gateways, output },
  async (parley, say): Promise<Outcome> => {
    cluster = parley.cluster;
    const { sockets, rate, users, rooms: roomsEach, members } = options;
    const town = await settleTown(parley, { people: Math.min(users, sockets), roomsEach, members });
    say(`${town.people.length} people in ${town.rooms.length} rooms`);
    const [ledger, network, attempts] = [new Ledger(), new Network(parley.place), new Attempts()];
    readers = await openReaders(town, sockets, { network, ledger });
    const lanes = startLanes(town, readers, ledger, { rate, lanes: 100, onAttempt: attempts.add });
    await pause(STEADY);
    say(`${sockets} sockets, ${rate} messages a second; the restart begins`);
    const since = performance.now();
    note('start', parley.cluster);
    await parley.cluster.restart();
    const took = performance.now() - since;
    say(`every node runs anew after ${inSeconds(took)}`);
    await pause(STEADY);
    await Promise.all(lanes.map((lane) => lane.stop()));
    const judged = await judgeAll(town, readers, ledger, SETTLE);
    say(`judged ${judged.messages} messages in ${sockets} views, equal after ${inSeconds(judged.settledMs)}`);
    for (const reader of readers) reader.stop();
    const rows = await perNode();
    const outages = readers.flatMap((reader) => reader.outages);
    const cut = outages.filter(({ wasTold, code }) => !wasTold || code !== CloseCode.draining).length;
    const reconnects = spread(
      outages.flatMap(({ droppedAt, caughtUpAt }) =>
        caughtUpAt === undefined ? [] : [caughtUpAt - droppedAt],
      ),
    );
    const untouched = rows.filter(({ drops, expected, away }) => drops > expected + away);
    const { tally, untilAcked } = attempts;
    const acked = ledger.acks.length;
    return {
      tables: [
        table('Node restarted: sockets it held, those on their way, those that dropped meanwhile', [
          ...rows.map(
            ({ node, expected, away, drops }) => [node, `${expected}, ${away}, ${drops}`] as [string, string],
          ),
        ]),
        table('Rolling restart', [
          ['took', inSeconds(took)],
          ['sockets dropped', `${outages.length}, without a goodbye ${cut}`],
          ['until caught up again', told(reconnects)],
          ['attempts to send', JSON.stringify(tally)],
          ['acknowledged', `${acked} of ${ledger.sends.size}`],
          ['until acknowledged', told(untilAcked)],
          ['messages stored', String(judged.messages)],
          ['log reads by readers', String(network.reads)],
        ]),
      ],
      figures: {
        experiment: 'rolling',
        ...options,
        took,
        perNode: rows,
        cut,
        reconnects,
        tally,
        untilAcked,
        acked,
      },
      violations: judged.violations,
      failures: [
        ...untouched.map(
          ({ node, drops, expected, away }) =>
            `${drops} sockets dropped with ${node}, which held ${expected}, with ${away} on their way`,
        ),
        ...(cut > 0 ? [`${cut} sockets dropped without a goodbye`] : []),
        ...(acked < ledger.sends.size ? [`${ledger.sends.size - acked} sends were never acknowledged`] : []),
      ],
    };
  },
);

interface NodeDrops {
  readonly node: string;
  readonly expected: number;
  readonly away: number;
  readonly drops: number;
}

/** For each node in turn: what it held when its turn came, and how many sockets dropped until it was back. */
async function perNode(): Promise<readonly NodeDrops[]> {
  const rows: NodeDrops[] = [];
  for (const [i, { node, at }] of steps.entries()) {
    const before = steps[i - 1];
    if (before === undefined) continue;
    const gateway = /^gateway-(\d+)$/.exec(node)?.[1];
    const expected = gateway === undefined ? 0 : ((await before.sockets)[Number(gateway) - 1] ?? 0);
    const away = gateway === undefined ? 0 : before.away;
    const drops = readers
      .flatMap(({ outages }) => outages)
      .filter(({ droppedAt }) => droppedAt >= before.at && droppedAt < at).length;
    rows.push({ node, expected, away, drops });
  }
  return rows;
}
