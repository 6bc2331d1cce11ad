import { join, resolve } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import type { Output } from '../local/output.ts';
import { ROOT } from '../local/paths.ts';
import { medianOf } from './measure/stats.ts';
import { commandOf, type BenchOptions } from './options.ts';
import { describeMachine } from './report/machine.ts';
import { renderPage } from './report/page.ts';
import { readResults, writeResults, type Circumstances, type Results } from './report/results.ts';
import { renderOutcome, renderProfileTable } from './report/summary.ts';
import type { Bench } from './scenarios/bench.ts';
import { scenarios } from './scenarios/index.ts';
import { SCENARIOS, type ScenarioName } from './scenarios/names.ts';
import { profileAll } from './scenarios/profile.ts';
import type { Stage } from './stage/stage.ts';
import { PARLEY_DATABASE, startParley } from './systems/parley.ts';
import { seedWorld, type World } from './world/world.ts';

const PAGE = join(ROOT, 'docs/benchmarks.md');

/** Runs what the options name, one scenario after the other, and keeps the page up to date. True if every target was met. */
export async function runBench(stage: Stage, options: BenchOptions, output: Output): Promise<boolean> {
  // An API node makes the indexes before anything is seeded.
  await (await startParley(stage, { gateways: 0 })).stop();
  const bench = createBench(stage, options, output);
  const file = resolve(ROOT, options.data, 'results.json');
  const machine = await describeMachine(stage);
  const now = (): Circumstances => ({ at: new Date().toISOString(), command: commandOf(options), machine });
  let isMet = true;
  for (const name of options.only) {
    const section = await runScenario(name, bench, output);
    isMet &&= section.outcome.verdicts.every(({ ok }) => ok);
    const results = await readResults(file);
    await keep(file, { ...results, sections: { ...results.sections, [name]: { ...section, ...now() } } });
  }
  if (options.profile) {
    const tables = await profileAll(bench, resolve(ROOT, options.data, 'profiles'));
    for (const table of tables) process.stdout.write(renderProfileTable(table));
    await keep(file, { ...(await readResults(file)), profile: { tables, ...now() } });
  }
  return isMet;
}

/** A scenario as often as asked for; every run's figures are told, the medians are concluded from. */
async function runScenario(name: ScenarioName, bench: Bench, output: Output) {
  const { title, about, mostRuns = Infinity, once, conclude } = scenarios[name];
  const { seconds } = bench.options;
  const runs = Math.min(bench.options.runs, mostRuns);
  const figures: Readonly<Record<string, number>>[] = [];
  for (let run = 1; run <= runs; run++) {
    output.line(name, `run ${run} of ${runs}`);
    const found = await once(bench);
    figures.push(found);
    if (runs > 1) process.stdout.write(renderOutcome(`${title}, run ${run}`, conclude(found as never)));
  }
  const outcome = conclude(medianOf(figures) as never);
  process.stdout.write(renderOutcome(title, outcome));
  return { title, about, runs, seconds, outcome };
}

async function keep(file: string, results: Results): Promise<void> {
  await writeResults(file, results);
  const before = await readFile(PAGE, 'utf8').catch(() => '');
  const titles = Object.fromEntries(SCENARIOS.map((name) => [name, scenarios[name].title]));
  await writeFile(PAGE, renderPage(results, before, titles));
}

function createBench(stage: Stage, options: BenchOptions, output: Output): Bench {
  const worlds = new Map<string, Promise<World>>();
  return {
    stage,
    options,
    world: (plan) => {
      const known = worlds.get(plan.name);
      if (known !== undefined) return known;
      output.progress('seeding', plan.name);
      const seeding = seedWorld(stage.database(PARLEY_DATABASE), plan);
      worlds.set(plan.name, seeding);
      return seeding;
    },
    note: (text) => output.line('', text),
  };
}
