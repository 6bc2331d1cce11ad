import { duration, type Progress } from './progress.ts';
import type { Sample } from './recorder.ts';

/** ms a worker's event loop may be late before its latencies say more of the tester than of the target. */
export const LAG_LIMIT = 50;
const SECONDS_IN_A_ROW = 3;
/** Warnings of one run. */
const MAX_WARNINGS = 5;

/** Warns when the tester itself is what is slow. */
export class Watchman {
  readonly #progress: Progress;
  #late = 0;
  #warnings = 0;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  look({ lag, counters }: Sample): void {
    this.#late = lag > LAG_LIMIT && counters.sent > 0 ? this.#late + 1 : 0;
    if (this.#late < SECONDS_IN_A_ROW || this.#warnings >= MAX_WARNINGS) return;
    this.#late = 0;
    this.#warnings += 1;
    this.#progress.say(
      `warning    the tester itself is late by ${duration(lag)}: its latencies are too high; lower the load or give it more cores (--processes)`,
    );
  }
}
