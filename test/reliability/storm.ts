/**
 * `npx tsx test/reliability/storm.ts --sockets 5000`: all sockets are on one gateway, which is killed with SIGKILL; they
 * come back on the others. Once in silence, and once more while people talk.
 */
import type { TestCluster } from '../support/cluster.ts';
import { judgeAll, openReaders, startLanes } from './crowd.ts';
import { inSeconds, spread, table, told, type Spread } from './figures.ts';
import { Ledger } from './ledger.ts';
import { Network } from './network.ts';
import { readNumbers } from './options.ts';
import { lastSince } from './outages.ts';
import { internalCalls, RestReads, resumes, socketsOf } from './probes.ts';
import type { Reader } from './reader.ts';
import { experiment, type Outcome, type Say } from './run.ts';
import { settleTown, type Town } from './town.ts';
import { pause } from './pause.ts';

/** API reads a client may cost that missed nothing. */
const READS_PER_CLIENT = 0.01;
/** ms after which sockets that are not back count as lost. */
const PATIENCE = 120_000;
const SETTLE = 30_000;
/** ms of silence before a storm: no read of the start-up may count, and caches are as they are in use. */
const QUIET = 10_000;
const GATEWAYS = 3;

interface Storm {
  readonly ready: Spread;
  readonly caughtUp: Spread;
  readonly missing: number;
  readonly reads: number;
  readonly calls: Readonly<Record<string, number>>;
  readonly resumes: Readonly<Record<string, number>>;
}

const options = readNumbers(process.argv.slice(2), {
  sockets: 5_000,
  users: 1_000,
  rooms: 3,
  members: 75,
  rate: 50,
});

await experiment({ api: 2, gateways: 1 }, async (parley, say): Promise<Outcome> => {
  const { sockets, users, rooms: roomsEach, members, rate } = options;
  const town = await settleTown(parley, { people: Math.min(users, sockets), roomsEach, members });
  say(`${town.people.length} people in ${town.rooms.length} rooms`);
  const [ledger, network] = [new Ledger(), new Network(parley.place)];
  const readers = await openReaders(town, sockets, { network, ledger });
  say(`${readers.length} sockets on one gateway`);
  // The others come now, so that all sockets are on the one that dies.
  await parley.cluster.scale({ gateways: GATEWAYS });
  await pause(QUIET);
  say(`quiet; sockets of each gateway: ${(await socketsOf(parley.cluster)).join(' ')}`);
  const silent = await storm(parley, readers, say, 0);

  const victim = await fullest(parley);
  await pause(QUIET);
  const lanes = startLanes(town, readers, ledger, { rate, lanes: Math.min(50, town.people.length) });
  await pause(5_000);
  say(`people talk, ${rate} messages a second`);
  const talking = await storm(parley, readers, say, victim);
  await pause(5_000);
  await Promise.all(lanes.map((lane) => lane.stop()));
  const { violations, settledMs, messages } = await judgeAll(town, readers, ledger, SETTLE);
  say(`judged ${messages} messages in ${sockets} views, equal after ${inSeconds(settledMs)}`);
  for (const reader of readers) reader.stop();
  return outcome(town, silent, talking, {
    messages,
    violations,
    acked: ledger.acks.length,
    gaps: network.reads,
  });
});

/** Kills a gateway and waits until everyone who was on it is back. */
async function storm(
  parley: TestCluster,
  readers: readonly Reader[],
  say: Say,
  victim: number,
): Promise<Storm> {
  const { cluster } = parley;
  const rest = new RestReads(cluster);
  await rest.look();
  const [callsBefore, resumesBefore] = [await internalCalls(cluster), await resumes(cluster)];
  const since = performance.now();
  await cluster.kill(`gateway-${victim + 1}`, 'SIGKILL');
  say(`gateway-${victim + 1} killed`);
  await pause(1_000);
  const away = readers.filter((reader) => lastSince(reader.outages, since) !== undefined);
  const isBack = (reader: Reader): boolean => lastSince(reader.outages, since)?.caughtUpAt !== undefined;
  while (!away.every(isBack) && performance.now() - since < PATIENCE) await pause(100);
  say(
    `${away.filter(isBack).length} of ${away.length} are back after ${inSeconds(performance.now() - since)}`,
  );
  const took = (name: 'readyAt' | 'caughtUpAt'): Spread =>
    spread(
      away
        .flatMap(({ outages }) => (lastSince(outages, since)?.[name] ?? Number.NaN) - since)
        .filter(Number.isFinite),
    );
  const calls = difference(await internalCalls(cluster), callsBefore);
  const { '/sends': _sends, ...reading } = calls;
  const reads = Object.values(reading).reduce((sum, count) => sum + count, 0) + (await rest.look());
  await parley.whole();
  const after = new Map(Object.entries(await resumes(cluster)));
  return {
    ...{ ready: took('readyAt'), caughtUp: took('caughtUpAt') },
    missing: readers.length - readers.filter((reader) => reader.isReady).length,
    ...{ reads, calls, resumes: difference(after, new Map(Object.entries(resumesBefore))) },
  };
}

function outcome(
  town: Town,
  silent: Storm,
  talking: Storm,
  judged: { messages: number; acked: number; gaps: number; violations: Outcome['violations'] },
): Outcome {
  const { messages, acked, gaps, violations } = judged;
  const allowed = Math.ceil(silent.ready.count * READS_PER_CLIENT);
  const rows = (storm: Storm): [string, string][] => [
    ['sockets dropped', String(storm.ready.count)],
    ['until ready', told(storm.ready)],
    ['until caught up', told(storm.caughtUp)],
    ['not back', String(storm.missing)],
    ['API reads', `${storm.reads} (calls of gateways: ${JSON.stringify(storm.calls)})`],
    ['rooms resumed', JSON.stringify(storm.resumes)],
  ];
  return {
    tables: [
      table('Reconnect storm, nothing missed', [...rows(silent), ['reads allowed', String(allowed)]]),
      table(`Reconnect storm at ${options.rate} messages/s`, [
        ...rows(talking),
        ['messages stored', String(messages)],
        ['acknowledged', String(acked)],
        ['log reads by readers', String(gaps)],
      ]),
    ],
    figures: {
      experiment: 'storm',
      ...options,
      people: town.people.length,
      silent,
      talking,
      messages,
      acked,
    },
    violations,
    failures: [
      ...(silent.missing + talking.missing > 0 ? ['sockets did not come back'] : []),
      ...(silent.reads > allowed ? [`${silent.reads} API reads, ${allowed} are allowed`] : []),
    ],
  };
}

/** The place of the gateway with the most sockets. */
async function fullest(parley: TestCluster): Promise<number> {
  const counts = await socketsOf(parley.cluster);
  return counts.indexOf(Math.max(...counts));
}

function difference(
  after: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number>,
): Record<string, number> {
  const entries = [...after].map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value > 0));
}
