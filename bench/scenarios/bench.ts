import type { BenchOptions } from '../options.ts';
import type { Stage } from '../stage/stage.ts';
import type { World, WorldPlan } from '../world/world.ts';

/** What a scenario gets to work with. */
export interface Bench {
  readonly stage: Stage;
  readonly options: BenchOptions;
  /** The world of that plan, seeded when first asked for. */
  world(plan: WorldPlan): Promise<World>;
  /** Tells what is going on. */
  note(text: string): void;
}

/** A statement that must hold, and what was found. */
export interface Verdict {
  readonly claim: string;
  readonly found: string;
  readonly ok: boolean;
}

/** The figures of a scenario, ready to be printed. */
export interface Outcome {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
}

/** One thing that is measured. `once` gives the figures of one run; `conclude` takes the medians of all of them. */
export interface Scenario<F extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> {
  readonly title: string;
  /** What is done, for the page. */
  readonly about: string;
  /** The most runs that are made of it, whatever was asked for. */
  readonly mostRuns?: number;
  once(bench: Bench): Promise<F>;
  conclude(medians: F): Outcome;
}
