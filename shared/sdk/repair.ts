import { Backoff } from '../wire/backoff.ts';
import type { LogPage } from '../wire/rest.ts';
import type { Missing } from '../wire/view.ts';
import { ApiError } from './errors.ts';
import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';

export interface RepairDeps {
  readonly timing: Timing;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  readonly missing: () => Missing | undefined;
  readonly fetch: (after: number) => Promise<LogPage>;
  readonly apply: (log: LogPage, asked: Missing) => void;
  /** The server does not know the room for us (any more). */
  readonly onRefused: (error: ApiError) => void;
}

/** Asks that bring nothing before the loop breaker slows down. */
const PATIENCE = 20;

/**
 * Fetches what a room lacks: at once when told of a gap, else after a delay in which most holes close by themselves.
 * As long as something is missing it goes on: at once while the log moves, else slower and slower, never not at all.
 */
export class Repair {
  readonly #deps: RepairDeps;
  readonly #backoff: Backoff;
  readonly #timer = new Timer(() => {
    void this.#ask();
  });
  #asking = false;
  /** A gap was told while an ask was under way. */
  #urgent = false;
  #fruitless = 0;
  /** The wait for the next ask was made by a failure. */
  #failing = false;
  /** Grows when all is forgotten, so that an answer from before is known as such. */
  #generation = 0;

  constructor(deps: RepairDeps) {
    this.#deps = deps;
    this.#backoff = new Backoff({ random: deps.random });
  }

  /** Called whenever a number was heard. */
  check(): void {
    if (this.#deps.missing() === undefined) {
      this.stop();
      return;
    }
    if (!this.#asking) this.#timer.ensure(this.#deps.timing.repairDelay);
  }

  /** The gateway said it cannot replay. */
  hurry(): void {
    if (this.#deps.missing() === undefined) return;
    if (this.#asking) this.#urgent = true;
    else this.#timer.set(0);
  }

  /** The server can be reached again: what failed is asked for without the rest of its wait. */
  again(): void {
    if (!this.#failing || !this.#timer.running) return;
    this.#backoff.reset();
    this.#timer.set(this.#deps.timing.repairDelay * this.#deps.random());
  }

  stop(): void {
    this.#timer.stop();
    this.#fruitless = 0;
    this.#urgent = false;
    this.#failing = false;
    this.#backoff.reset();
  }

  /** Stops, and takes no answer any more to what was asked before. */
  reset(): void {
    this.stop();
    this.#generation += 1;
    this.#asking = false;
  }

  async #ask(): Promise<void> {
    const asked = this.#deps.missing();
    if (asked === undefined || this.#asking) return;
    const generation = this.#generation;
    this.#asking = true;
    this.#urgent = false;
    try {
      const log = await this.#deps.fetch(asked.after);
      if (generation !== this.#generation) return;
      this.#deps.apply(log, asked);
    } catch (error) {
      if (generation === this.#generation) this.#failed(error);
      return;
    } finally {
      if (generation === this.#generation) this.#asking = false;
    }
    this.#failing = false;
    this.#backoff.reset();
    this.#next(asked);
  }

  #next(asked: Missing): void {
    const still = this.#deps.missing();
    if (still === undefined) {
      this.stop();
      return;
    }
    if (still.after > asked.after || this.#urgent) {
      this.#fruitless = 0;
      this.#timer.set(0);
      return;
    }
    const { repairRetry, repairRetryMax, repairSlow } = this.#deps.timing;
    this.#fruitless += 1;
    const wait = Math.min(repairRetry * 1.5 ** (this.#fruitless - 1), repairRetryMax);
    this.#timer.set(this.#fruitless > PATIENCE ? repairSlow : wait);
  }

  #failed(error: unknown): void {
    if (this.#deps.missing() === undefined) {
      this.stop();
      return;
    }
    const known = error instanceof ApiError ? error : undefined;
    if (known?.code === 'not_found' || known?.code === 'forbidden') this.#deps.onRefused(known);
    else this.#deps.warn('a room could not be repaired, trying again', error);
    this.#failing = true;
    this.#timer.set(this.#backoff.next(known?.retryAfterMs));
  }
}
