/**
 * `npx tsx test/reliability/store.ts`: people talk while the store is killed and comes back; while it hangs for half a
 * minute at twice the load that it bears; and while Redis hangs. What could not be stored must be refused within a second,
 * so that it can be tried again, and nobody's memory may grow.
 */
import type { TestCluster } from '../support/cluster.ts';
import { Attempts } from './attempts.ts';
import { judgeAll, openReaders, startLanes } from './crowd.ts';
import { capital, inSeconds, spread, table, told, type Spread } from './figures.ts';
import { Flood, type Mouth } from './flood.ts';
import { overRest, overSocket } from './lane.ts';
import { Ledger } from './ledger.ts';
import { MemoryWatch } from './memory.ts';
import { Network } from './network.ts';
import { readNumbers } from './options.ts';
import { pause } from './pause.ts';
import { refusals } from './probes.ts';
import type { Reader } from './reader.ts';
import { experiment, type Outcome, type Say } from './run.ts';
import { SdkClient } from './sdk-client.ts';
import { settleTown, type Town } from './town.ts';

const SETTLE = 30_000;
const STEADY = 10_000;
/** ms after the store's return in which everything finds its way back. */
const RECOVERY = 20_000;
/** MB a node may take on while the store is away. */
const GROWTH = 64;
/** ms within which a send must be refused while the store hangs, for 99 of 100. */
const REFUSAL = 1_000;
/** ms after which any answer, whatever happens, is too late: this machine is also the clients'. */
const ANSWER = 10_000;
/** ms after the store's return in which the first message is stored again. */
const RETURN = 2_000;
const SDK_INTERVAL = 500;
/** Of the flood: who takes part, each with so many sockets, in rooms of so many members. */
const FLOOD = { people: 50, sockets: 2, members: 2 };
/** One of so many messages of the flood goes over REST, which costs the clients' process more than the cluster. */
const REST_SHARE = 8;

interface StoreFault {
  readonly name: string;
  readonly rate: number;
  readonly awayMs: number;
  readonly firstErrorMs: number | undefined;
  readonly firstSuccessMs: number | undefined;
  readonly answered: Spread;
  /** Of those that began while it was away and were refused. */
  readonly refused: Spread;
  /** The same as the gateways saw them. */
  readonly refusals: { readonly all: number; readonly inTime: number };
  readonly tally: Readonly<Record<string, number>>;
  readonly memory: readonly Readonly<Record<string, number>>[];
}

const options = readNumbers(process.argv.slice(2), {
  sockets: 200,
  rate: 50,
  users: 100,
  rooms: 2,
  members: 25,
  seconds: 30,
  /** Messages a second that count as sustainable; 0: find out. */
  sustainable: 0,
});

await experiment({ api: 2, gateways: 2 }, async (parley, say): Promise<Outcome> => {
  const { sockets, rate, users, rooms: roomsEach, members, seconds } = options;
  const town = await settleTown(parley, { people: Math.min(users, sockets), roomsEach, members });
  const [ledger, network, attempts] = [new Ledger(), new Network(parley.place), new Attempts()];
  const readers = await openReaders(town, sockets, { network, ledger });
  const crowd = await gather(parley, network, attempts);
  const sustainable = options.sustainable > 0 ? options.sustainable : await crowd.flood.findSustainable(say);
  const lanes = startLanes(town, readers, ledger, { rate, lanes: 50, onAttempt: attempts.add });
  const clients = town.people.slice(0, 2).flatMap((person, i) => {
    const room = town.roomsOf(i)[0];
    return room === undefined ? [] : [new SdkClient(person, room)];
  });
  for (const client of clients) await client.start(SDK_INTERVAL);
  const memory = new MemoryWatch(parley.cluster);
  say(`${sockets} sockets, ${rate} messages a second, and ${clients.length} clients with the SDK`);
  say(`beside them a flood; ${sustainable} a second are sustainable`);
  const run = { parley, attempts, memory, say, flood: crowd.flood };
  const faults = [
    await inflict('the store is killed', 0, run, async () => {
      await parley.cluster.kill('mongodb', 'SIGKILL');
      await parley.whole();
    }),
    await inflict(`the store hangs ${seconds} s at twice the load`, 2 * sustainable, run, () =>
      hang(parley, 'mongodb', seconds * 1_000),
    ),
    await inflict('Redis hangs 10 s', sustainable / 2, run, () => hang(parley, 'redis', 10_000)),
  ];
  memory.stop();
  await crowd.flood.stop();
  for (const client of clients) client.quiet();
  await Promise.all(lanes.map((lane) => lane.stop()));
  // Their outboxes may have more to say: what is stored must not be read before.
  const deadline = performance.now() + SETTLE;
  while (clients.some(({ waiting }) => waiting > 0) && performance.now() < deadline) await pause(100);
  const judged = await judgeAll(town, readers, ledger, SETTLE);
  const flooded = await judgeAll(crowd.town, crowd.readers, crowd.ledger, SETTLE);
  const complaints = await settleClients(
    town.people.map((_, i) => town.roomsOf(i)[0]),
    clients,
    judged.stored,
  );
  const all = [...readers, ...crowd.readers];
  for (const end of [
    ...all.map((reader) => () => reader.stop()),
    ...clients.map((client) => () => client.close()),
  ])
    end();
  const dropped = all.reduce((sum, { outages }: Reader) => sum + outages.length, 0);
  const acked = ledger.acks.length;
  return {
    tables: [
      ...faults.map(faultTable),
      table('Over all', [
        ['sustainable', `${sustainable} a second`],
        ['attempts to send', JSON.stringify(attempts.tally)],
        ['acknowledged of who tried again', `${acked} of ${ledger.sends.size}`],
        ['acknowledged of the flood', `${crowd.ledger.acks.length} of ${crowd.ledger.sends.size}`],
        ['messages stored', String(judged.messages + flooded.messages)],
        ['sockets dropped', String(dropped)],
        ['views equal after', inSeconds(Math.max(judged.settledMs, flooded.settledMs))],
        ['sends of SDK clients', clients.map(({ sent }) => sent).join(', ')],
      ]),
    ],
    figures: { experiment: 'store', ...options, sustainable, faults, tally: attempts.tally, acked, dropped },
    violations: [...judged.violations, ...flooded.violations],
    failures: [
      ...complaints,
      ...faults.flatMap(failuresOf),
      ...(acked < ledger.sends.size ? [`${ledger.sends.size - acked} sends were never acknowledged`] : []),
      ...(dropped > 0 ? [`${dropped} sockets dropped`] : []),
    ],
  };
});

/** Those who make the flood: pairs, so that what is measured is sending rather than fan-out. */
async function gather(
  parley: TestCluster,
  network: Network,
  attempts: Attempts,
): Promise<{
  readonly town: Town;
  readonly readers: readonly Reader[];
  readonly ledger: Ledger;
  readonly flood: Flood;
}> {
  const { people, sockets, members } = FLOOD;
  const town = await settleTown(parley, { people, roomsEach: 1, members });
  const ledger = new Ledger();
  const readers = await openReaders(town, people * sockets, { network, ledger });
  const mouths = readers.flatMap((reader, i): Mouth[] => {
    const person = town.people[i % people];
    const [room] = town.roomsOf(i % people);
    if (person === undefined || room === undefined) return [];
    const send = i % REST_SHARE === 0 ? overRest(person) : overSocket(reader);
    return [{ sender: person.id, room, send }];
  });
  return { town, readers, ledger, flood: new Flood(mouths, ledger, attempts.add) };
}

/** Does `fault`, which resolves when the store is back, at `rate` beside the others, and tells how sends fared meanwhile. */
async function inflict(
  name: string,
  rate: number,
  run: { parley: TestCluster; attempts: Attempts; memory: MemoryWatch; say: Say; flood: Flood },
  fault: () => Promise<void>,
): Promise<StoreFault> {
  const { attempts, memory, say, flood } = run;
  // What the load itself takes is not what the fault takes.
  flood.rate = rate / 2;
  await pause(STEADY);
  const before = memory.take();
  const refusedBefore = await refusals(run.parley.cluster);
  flood.rate = rate;
  const since = performance.now();
  say(name);
  await fault();
  const back = performance.now();
  flood.rate = rate / 2;
  say(`back after ${inSeconds(back - since)}`);
  const during = memory.take();
  await pause(RECOVERY);
  const refusedAfter = await refusals(run.parley.cluster);
  flood.rate = 0;
  const over = attempts.between(since, performance.now());
  const turnedAway = over.filter(({ at, answer }) => at >= since && at < back && answer.kind !== 'ack');
  const firstSuccess = over.find(({ answer, answeredAt }) => answer.kind === 'ack' && answeredAt >= back);
  return {
    ...{ name, rate, awayMs: back - since },
    firstErrorMs: turnedAway[0] === undefined ? undefined : turnedAway[0].answeredAt - since,
    firstSuccessMs: firstSuccess === undefined ? undefined : firstSuccess.answeredAt - back,
    answered: spread(over.map(({ at, answeredAt }) => answeredAt - at)),
    refused: spread(turnedAway.map(({ at, answeredAt }) => answeredAt - at)),
    refusals: {
      all: refusedAfter.all - refusedBefore.all,
      inTime: refusedAfter.inTime - refusedBefore.inTime,
    },
    tally: Attempts.tally(attempts.between(since, back)),
    memory: [before, during, await memory.now()],
  };
}

/** Stops a server's process without ending it: connections stay open and nothing answers. */
async function hang(parley: TestCluster, name: string, ms: number): Promise<void> {
  const pid = parley.cluster.process(name).identity?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  process.kill(pid, 'SIGSTOP');
  await pause(ms);
  process.kill(pid, 'SIGCONT');
}

/** What the SDK's clients lack after a while. */
async function settleClients(
  rooms: readonly (string | undefined)[],
  clients: readonly SdkClient[],
  stored: Awaited<ReturnType<typeof judgeAll>>['stored'],
): Promise<readonly string[]> {
  const complaints = (): string[] =>
    clients.flatMap((client, i) => client.complaint(stored.get(rooms[i] ?? '') ?? []) ?? []);
  const deadline = performance.now() + SETTLE;
  while (complaints().length > 0 && performance.now() < deadline) await pause(200);
  return complaints();
}

function faultTable(fault: StoreFault): string {
  const { name, rate, awayMs, firstErrorMs, firstSuccessMs, answered, tally, memory } = fault;
  const { refused, refusals } = fault;
  const ms = (value: number | undefined): string => (value === undefined ? 'none' : inSeconds(value));
  return table(capital(name), [
    ['away for', inSeconds(awayMs)],
    ['flood', `${Math.round(rate)} a second`],
    ['first refusal after', ms(firstErrorMs)],
    ['until a send was refused', `${told(refused)} (${refused.count})`],
    ['refused within a second, as gateways saw it', `${refusals.inTime} of ${refusals.all}`],
    ['first success after its return', ms(firstSuccessMs)],
    ['until a send was answered', told(answered)],
    ['answers while it was away', JSON.stringify(tally)],
    ...memory.map(
      (sizes, i) =>
        [`MB ${['before', 'at most', 'after'][i] ?? ''}`, JSON.stringify(sizes)] as [string, string],
    ),
  ]);
}

function failuresOf({ name, firstSuccessMs, answered, refused, memory, tally }: StoreFault): string[] {
  const [before = {}, during = {}] = memory;
  const grown = Object.entries(during).filter(([node, size]) => size - (before[node] ?? size) > GROWTH);
  return [
    ...grown.map(([node, size]) => `${node} grew from ${before[node]} to ${size} MB: ${name}`),
    ...(firstSuccessMs === undefined ? [`nothing was stored after: ${name}`] : []),
    ...(firstSuccessMs !== undefined && firstSuccessMs > RETURN
      ? [`the first success came after ${inSeconds(firstSuccessMs)}: ${name}`]
      : []),
    ...(refused.p99 > REFUSAL ? [`a refusal took ${inSeconds(refused.p99)}: ${name}`] : []),
    ...(answered.max > ANSWER ? [`an answer took ${inSeconds(answered.max)}: ${name}`] : []),
    ...((tally['none'] ?? 0) > 0 ? [`${tally['none']} sends got no answer: ${name}`] : []),
  ];
}
