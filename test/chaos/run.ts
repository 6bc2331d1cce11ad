/** `npx tsx test/chaos/run.ts --minutes 2 --seed 7`: people talk while a cluster breaks, then a judge compares. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { inflict } from './faults.ts';
import { History } from './history.ts';
import { judge, type Evidence } from './judge.ts';
import { readOptions, type Options } from './options.ts';
import { readRoom, readUnread } from './outcome.ts';
import { populate, type Population } from './population.ts';
import { seeded } from './random.ts';
import { save, verdict } from './report.ts';
import { plan, type PlannedFault } from './schedule.ts';
import { runTraffic, settleIn } from './traffic.ts';

/** ms after the last fault within which all views must be right. */
const QUIET = 30_000;
const FOLDER = join(import.meta.dirname, '../../.data/chaos');

const options = readOptions(process.argv.slice(2));
process.exitCode = await run(options);

/** 0 when nothing was violated, else 1. */
async function run({ minutes, seed, clients, rooms, rate, keep }: Options): Promise<number> {
  const history = new History();
  const say = (text: string): void => {
    history.add({ type: 'note', who: 'run', text });
    console.log(`${(history.now / 1_000).toFixed(1).padStart(7)} s  ${text}`);
  };
  const parley = await startTestCluster();
  try {
    const random = seeded(seed);
    const faults = plan(random, minutes * 60_000);
    const people = await populate(parley, history, random, { clients, rooms });
    for (const watcher of people.watchers) watcher.start();
    say(`cluster at ${parley.place.origin}, data in ${parley.cluster.paths.data}; everyone is in`);
    const duration = minutes * 60_000;
    await Promise.all([runTraffic({ ...people, random, rate, duration }), inflictAll(parley, faults, say)]);
    say('the last fault is over, waiting for the cluster to be whole');
    await parley.whole();
    say('whole');
    const started = performance.now();
    await Promise.all(people.churners.map((device) => settleIn(device, people.channel)));
    const evidence = await settle(parley, people, history, say);
    const violations = judge(evidence);
    console.log(verdict(evidence, violations, faults.length, performance.now() - started));
    if (keep || violations.length > 0)
      console.log(`history: ${await save(FOLDER, `seed-${seed}`, history, evidence)}`);
    return violations.length === 0 ? 0 : 1;
  } finally {
    if (keep) await cp(parley.cluster.paths.logs, join(FOLDER, `seed-${seed}-logs`), { recursive: true });
    await parley.stop();
    // Clients that still wait for something must not keep the process.
    setTimeout(() => process.exit(), 1_000).unref();
  }
}

async function inflictAll(
  parley: TestCluster,
  faults: readonly PlannedFault[],
  say: (text: string) => void,
): Promise<void> {
  const started = performance.now();
  const running = faults.map(async ({ at, fault }) => {
    await new Promise((resolve) => setTimeout(resolve, at - (performance.now() - started)));
    say(`fault: ${Object.values(fault).join(' ')}`);
    try {
      await inflict(parley.cluster, fault);
      if (fault.kind === 'pause' || fault.kind === 'scale') say(`over:  ${Object.values(fault).join(' ')}`);
    } catch (error) {
      say(`could not ${Object.values(fault).join(' ')}: ${String(error)}`);
    }
  });
  await Promise.all(running);
}

/** Looks again and again until the judge is content or the time is up. */
async function settle(
  parley: TestCluster,
  people: Population,
  history: History,
  say: (text: string) => void,
): Promise<Evidence> {
  const deadline = performance.now() + QUIET;
  const refused = new Set<string>();
  for (;;) {
    const isLast = performance.now() > deadline;
    const evidence = await look(parley, people, history, refused);
    const found = judge(evidence);
    if (isLast || found.length === 0) return evidence;
    say(
      `not quiet yet: ${found.length}, such as ${found[0]?.kind} · ${found[0]?.where} · ${found[0]?.detail}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function look(
  parley: TestCluster,
  people: Population,
  history: History,
  refused: Set<string>,
): Promise<Evidence> {
  const { devices, watchers, rooms } = people;
  const nodes = parley.cluster.apiNodes.map((_, n) => parley.api(n));
  const [host] = people.people;
  const [node] = nodes;
  if (host === undefined || node === undefined) throw new Error('nobody is left to look');
  const loads = devices.map((device) => device.loadAll());
  for (const load of await Promise.allSettled(loads))
    if (load.status === 'rejected')
      history.add({ type: 'note', who: 'run', text: `loadAll: ${String(load.reason)}` });
  const reads = [];
  for (const origin of nodes) for (const room of rooms) reads.push(await readRoom(host, origin, room));
  const unread = [];
  for (const person of people.people) unread.push(...(await readUnread(person, node, rooms)));
  const views = [
    ...devices.flatMap((device) => device.views(refused)),
    ...watchers.flatMap((watcher) => watcher.views()),
  ];
  const stopped = devices.flatMap(({ name, stopped }) =>
    stopped === undefined ? [] : [{ device: name, reason: stopped }],
  );
  const { sends, acks, refusals } = history;
  return { sends, acks, refusals, views, reads, unread, stopped };
}
