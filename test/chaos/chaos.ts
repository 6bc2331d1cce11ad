import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Bouncer } from './bouncer.ts';
import { provoke } from './broken/faults.ts';
import type { Evidence, Outcome } from './evidence.ts';
import { inflict } from './faults.ts';
import { Figures } from './figures.ts';
import { History } from './history.ts';
import { Journal } from './journal.ts';
import { judge, type Violation } from './judge/index.ts';
import { watchMachine } from './machine.ts';
import type { Options } from './options.ts';
import { look } from './outcome.ts';
import { populate, type Population } from './population.ts';
import { seeded, type Random } from './random.ts';
import { summarise, type Report } from './report.ts';
import { describe, plan, type PlannedFault } from './schedule.ts';
import { setStage, type Stage } from './stage.ts';
import { runTraffic, settleIn } from './traffic.ts';

/** ms after the last fault within which all views must be right. */
const QUIET = 30_000;
/** ms after the traffic in which nothing is done at all: what is to come must come unasked. */
const STILL = 12_500;
/** ms; the store may have to replay its log first. */
const WHOLE_TIMEOUT = 120_000;
const FOLDER = join(import.meta.dirname, '../../.data/chaos');
const PROGRESS_INTERVAL = 30_000;

export interface Result {
  readonly violations: readonly Violation[];
  readonly report: Report;
  /** The journal's file; gone when all was well and nothing was to be kept. */
  readonly journal: string;
}
type Say = (text: string) => void;

/** People talk while a cluster breaks, then a judge compares. `faults`: other ones than the seed's. */
export async function runChaos(
  options: Options,
  print: Say,
  faults: readonly PlannedFault[] = planFor(options),
): Promise<Result> {
  await mkdir(FOLDER, { recursive: true });
  const name = `seed-${options.seed}${options.broken === undefined ? '' : `-${options.broken}`}`;
  for (const { at, fault } of faults)
    print(`  planned ${(at / 1_000).toFixed(1).padStart(7)} s  ${describe(fault)}`);
  const stage = await setStage(options.broken);
  const journal = new Journal(join(FOLDER, `${name}.jsonl`));
  const history = new History(journal);
  const say: Say = (text) => {
    history.note('run', text);
    print(`${(history.now / 1_000).toFixed(1).padStart(7)} s  ${text}`);
  };
  try {
    const result = await perform(stage, options, faults, history, say);
    await journal.end();
    const isKept = options.keep || result.violations.length > 0;
    if (isKept) await cp(stage.parley.cluster.paths.logs, join(FOLDER, `${name}-logs`), { recursive: true });
    else await rm(journal.path);
    return { ...result, journal: journal.path };
  } finally {
    await stage.close();
  }
}

function planFor({ seed, minutes, broken }: Options): readonly PlannedFault[] {
  const random = seeded(seed);
  const faults = plan(random, minutes * 60_000);
  return broken === undefined ? faults : provoke(broken, random, faults, minutes * 60_000);
}

async function perform(
  stage: Stage,
  options: Options,
  faults: readonly PlannedFault[],
  history: History,
  say: Say,
): Promise<Omit<Result, 'journal'>> {
  const { parley, farOrigin } = stage;
  const random = seeded(options.seed + 1);
  const duration = options.minutes * 60_000;
  const refusesLog = options.broken === 'repair';
  const people = await populate({ ...options, parley, farOrigin, history, random, refusesLog });
  const readers = [...people.watchers, ...people.outsiders];
  for (const reader of readers) reader.start();
  const figures = new Figures(parley.cluster);
  figures.start();
  const endWatch = watchMachine(history);
  const progress = setInterval(() => say(progressOf(history)), PROGRESS_INTERVAL);
  try {
    say(`cluster at ${parley.place.origin}, data in ${parley.cluster.paths.data}; everyone is in`);
    const [inflicted] = await Promise.all([
      inflictAll(stage, faults, history, say),
      runTraffic({ ...people, history, random, rate: options.rate, duration }),
    ]);
    say('the last fault is over, waiting for the cluster to be whole');
    await within(WHOLE_TIMEOUT, parley.whole(), 'the cluster does not become whole again');
    say('whole');
    const before = performance.now();
    await new Promise((resolve) => setTimeout(resolve, STILL));
    await bringBack(people, history, random);
    const evidence = await settle(stage, people, history, say);
    await figures.scrape();
    const violations = judge(evidence);
    const measured = {
      faults: inflicted,
      removals: history.removals,
      counters: figures.totals(),
      gaps: history.gaps,
      catchUps: readers.flatMap(({ catchUps }) => catchUps),
      settled: performance.now() - before,
    };
    return { violations, report: summarise(options, evidence, violations, measured) };
  } finally {
    clearInterval(progress);
    endWatch();
    figures.stop();
    await disband(people);
  }
}

/** Everyone is in every room, for good. */
async function bringBack(people: Population, history: History, random: Random): Promise<void> {
  await new Bouncer(people.host, history, random).settle(people.guests);
  await Promise.all(people.churners.map((device) => settleIn(device, people.channel)));
}

async function disband({ devices, watchers, outsiders, accounts }: Population): Promise<void> {
  await Promise.all(devices.map((device) => device.leave()));
  for (const reader of [...watchers, ...outsiders]) reader.stop();
  for (const account of accounts) account.stop();
}

const progressOf = ({ sends, acks, changes, removals, troubles }: History): string => {
  const heap = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
  return `${sends.length} sends, ${acks.length} acks, ${changes.length} changes, ${removals} removals, ${troubles.length} troubles, heap ${heap} MB`;
};

/** Gives how many came about: one that could not be done shows nothing. */
async function inflictAll(
  { parley, links }: Stage,
  faults: readonly PlannedFault[],
  history: History,
  say: Say,
): Promise<number> {
  const started = performance.now();
  const scene = { cluster: parley.cluster, links, history };
  const running = faults.map(async ({ at, fault }) => {
    await new Promise((resolve) => setTimeout(resolve, at - (performance.now() - started)));
    say(`fault: ${describe(fault)}`);
    const before = performance.now();
    try {
      await inflict(scene, fault);
      const took = performance.now() - before;
      if (took > 100) say(`over:  ${describe(fault)} (${(took / 1_000).toFixed(1)} s)`);
      return true;
    } catch (error) {
      say(`could not ${describe(fault)}: ${String(error)}`);
      return false;
    }
  });
  return (await Promise.all(running)).filter(Boolean).length;
}

/** Looks again and again until the judge is content or the time is up. */
async function settle(stage: Stage, people: Population, history: History, say: Say): Promise<Evidence> {
  const deadline = performance.now() + QUIET - STILL;
  const refused = new Set<string>();
  for (;;) {
    const isLast = performance.now() > deadline;
    const outcome: Outcome = await look(stage.parley, people, history, refused);
    const evidence = { ...outcome, ...history.record };
    const [first, ...more] = judge(evidence);
    if (isLast || first === undefined) return evidence;
    say(`not quiet yet: ${more.length + 1}, such as ${first.kind} · ${first.where} · ${first.detail}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function within(ms: number, promise: Promise<void>, complaint: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), ms);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
