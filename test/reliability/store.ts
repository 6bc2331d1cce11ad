/**
 * `npx tsx test/reliability/store.ts`: people talk while the store is killed and comes back, and while it hangs for half a
 * minute; and while Redis hangs. What could not be stored must be refused so that it can be tried again, and soon.
 */
import type { TestCluster } from '../support/cluster.ts';
import { Attempts } from './attempts.ts';
import { judgeAll, openReaders, startLanes } from './crowd.ts';
import { capital, inSeconds, spread, table, told, type Spread } from './figures.ts';
import { Ledger } from './ledger.ts';
import { MemoryWatch } from './memory.ts';
import { Network } from './network.ts';
import { readNumbers } from './options.ts';
import { pause } from './pause.ts';
import type { Reader } from './reader.ts';
import { experiment, type Outcome, type Say } from './run.ts';
import { SdkClient } from './sdk-client.ts';
import { settleTown } from './town.ts';

const SETTLE = 30_000;
const STEADY = 10_000;
/** ms after the store's return in which everything finds its way back. */
const RECOVERY = 20_000;
/** MB a node may take on while the store is away. */
const GROWTH = 300;
/** ms within which a send must be answered, whatever the store does. */
const ANSWER = 10_000;
const SDK_INTERVAL = 500;

interface StoreFault {
  readonly name: string;
  readonly awayMs: number;
  readonly firstErrorMs: number | undefined;
  readonly firstSuccessMs: number | undefined;
  readonly answered: Spread;
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
});

await experiment({ api: 2, gateways: 2 }, async (parley, say): Promise<Outcome> => {
  const { sockets, rate, users, rooms: roomsEach, members, seconds } = options;
  const town = await settleTown(parley, { people: Math.min(users, sockets), roomsEach, members });
  const [ledger, network, attempts] = [new Ledger(), new Network(parley.place), new Attempts()];
  const readers = await openReaders(town, sockets, { network, ledger });
  const lanes = startLanes(town, readers, ledger, { rate, lanes: 50, onAttempt: attempts.add });
  const clients = town.people.slice(0, 2).flatMap((person, i) => {
    const room = town.roomsOf(i)[0];
    return room === undefined ? [] : [new SdkClient(person, room)];
  });
  for (const client of clients) await client.start(SDK_INTERVAL);
  const memory = new MemoryWatch(parley.cluster);
  say(`${sockets} sockets, ${rate} messages a second, and ${clients.length} clients with the SDK`);
  await pause(STEADY);
  const run = { parley, attempts, memory, say };
  const faults = [
    await inflict('the store is killed', run, async () => {
      await parley.cluster.kill('mongodb', 'SIGKILL');
      await parley.whole();
    }),
    await inflict(`the store hangs ${seconds} s`, run, () => hang(parley, 'mongodb', seconds * 1_000)),
    await inflict('Redis hangs 10 s', run, () => hang(parley, 'redis', 10_000)),
  ];
  memory.stop();
  for (const client of clients) client.quiet();
  await Promise.all(lanes.map((lane) => lane.stop()));
  // Their outboxes may have more to say: what is stored must not be read before.
  const deadline = performance.now() + SETTLE;
  while (clients.some(({ waiting }) => waiting > 0) && performance.now() < deadline) await pause(100);
  const judged = await judgeAll(town, readers, ledger, SETTLE);
  const complaints = await settleClients(
    town.people.map((_, i) => town.roomsOf(i)[0]),
    clients,
    judged.stored,
  );
  for (const end of [
    ...readers.map((reader) => () => reader.stop()),
    ...clients.map((client) => () => client.close()),
  ])
    end();
  const dropped = readers.reduce((sum, { outages }: Reader) => sum + outages.length, 0);
  const acked = ledger.acks.length;
  return {
    tables: [
      ...faults.map(faultTable),
      table('Over all', [
        ['attempts to send', JSON.stringify(attempts.tally)],
        ['acknowledged', `${acked} of ${ledger.sends.size}`],
        ['messages stored', String(judged.messages)],
        ['sockets dropped', String(dropped)],
        ['views equal after', inSeconds(judged.settledMs)],
        ['sends of SDK clients', clients.map(({ sent }) => sent).join(', ')],
      ]),
    ],
    figures: { experiment: 'store', ...options, faults, tally: attempts.tally, acked, dropped },
    violations: judged.violations,
    failures: [
      ...complaints,
      ...faults.flatMap(failuresOf),
      ...(acked < ledger.sends.size ? [`${ledger.sends.size - acked} sends were never acknowledged`] : []),
      ...(dropped > 0 ? [`${dropped} sockets dropped`] : []),
    ],
  };
});

/** Does `fault`, which resolves when the store is back, and tells how sends fared meanwhile. */
async function inflict(
  name: string,
  run: { parley: TestCluster; attempts: Attempts; memory: MemoryWatch; say: Say },
  fault: () => Promise<void>,
): Promise<StoreFault> {
  const { attempts, memory, say } = run;
  const before = await memory.now();
  memory.take();
  const since = performance.now();
  say(name);
  await fault();
  const back = performance.now();
  say(`back after ${inSeconds(back - since)}`);
  const during = memory.take();
  await pause(RECOVERY);
  const over = attempts.between(since, performance.now());
  const firstError = over.find(({ answer }) => answer.kind !== 'ack');
  const firstSuccess = over.find(({ answer, answeredAt }) => answer.kind === 'ack' && answeredAt >= back);
  return {
    ...{ name, awayMs: back - since },
    firstErrorMs: firstError === undefined ? undefined : firstError.answeredAt - since,
    firstSuccessMs: firstSuccess === undefined ? undefined : firstSuccess.answeredAt - back,
    answered: spread(over.map(({ at, answeredAt }) => answeredAt - at)),
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
  const { name, awayMs, firstErrorMs, firstSuccessMs, answered, tally, memory } = fault;
  const ms = (value: number | undefined): string => (value === undefined ? 'none' : inSeconds(value));
  return table(capital(name), [
    ['away for', inSeconds(awayMs)],
    ['first refusal after', ms(firstErrorMs)],
    ['first success after its return', ms(firstSuccessMs)],
    ['until a send was answered', told(answered)],
    ['answers while it was away', JSON.stringify(tally)],
    ...memory.map(
      (sizes, i) =>
        [`MB ${['before', 'at most', 'after'][i] ?? ''}`, JSON.stringify(sizes)] as [string, string],
    ),
  ]);
}

function failuresOf({ name, firstSuccessMs, answered, memory, tally }: StoreFault): string[] {
  const [before = {}, during = {}] = memory;
  const grown = Object.entries(during).filter(([node, size]) => size - (before[node] ?? size) > GROWTH);
  return [
    ...grown.map(([node, size]) => `${node} grew to ${size} MB: ${name}`),
    ...(firstSuccessMs === undefined ? [`nothing was stored after: ${name}`] : []),
    ...(answered.max > ANSWER ? [`an answer took ${inSeconds(answered.max)}: ${name}`] : []),
    ...((tally['none'] ?? 0) > 0 ? [`${tally['none']} sends got no answer: ${name}`] : []),
  ];
}
