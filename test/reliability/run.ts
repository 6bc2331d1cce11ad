import { availableParallelism, loadavg } from 'node:os';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import type { ClusterOptions } from '../../local/cluster-options.ts';
import type { Violation } from './judge.ts';

const SHOWN = 20;

/** One line of progress with the seconds since the start. */
export type Say = (text: string) => void;

export interface Outcome {
  readonly tables: readonly string[];
  /** The line for machines. */
  readonly figures: Readonly<Record<string, unknown>>;
  readonly violations: readonly Violation[];
  /** Sentences on figures that are not as they must be. */
  readonly failures: readonly string[];
}

/** Runs an experiment on a cluster of its own, prints what came out, and sets the exit code: 1 for any violation or failure. */
export async function experiment(
  options: Partial<ClusterOptions>,
  run: (parley: TestCluster, say: Say) => Promise<Outcome>,
): Promise<void> {
  const started = performance.now();
  const say: Say = (text) => {
    console.log(`${((performance.now() - started) / 1_000).toFixed(1).padStart(7)} s  ${text}`);
  };
  const parley = await startTestCluster(options);
  try {
    say(`cluster at ${parley.place.origin}, data in ${parley.cluster.paths.data}`);
    const outcome = await run(parley, say);
    report({ ...outcome, figures: { ...outcome.figures, cores: availableParallelism(), load: busy() } });
    process.exitCode = outcome.violations.length + outcome.failures.length === 0 ? 0 : 1;
  } finally {
    await parley.stop();
    // Readers that still wait for something must not keep the process.
    setTimeout(() => process.exit(), 1_000).unref();
  }
}

function report({ tables, figures, violations, failures }: Outcome): void {
  for (const text of tables) console.log(`\n${text}`);
  console.log(`\nload ${busy()} on ${availableParallelism()} cores`);
  console.log(`violations ${violations.length}`);
  for (const { kind, detail } of violations.slice(0, SHOWN)) console.log(`  ${kind} · ${detail}`);
  for (const failure of failures) console.log(`  failed · ${failure}`);
  console.log(JSON.stringify({ ...figures, violations: violations.length, failures: failures.length }));
}

/** Processes that wanted to run in the last minute, on average: above the number of cores, figures are those of a busy machine. */
const busy = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;
