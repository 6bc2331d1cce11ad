/** Entries of one batch: measured to be where a larger one gains nothing more. */
const MOST = 500;
const LEAST = 25;
/** ms an insert may take before the next are made smaller, so that nobody waits a second for the store. */
const SLOW = 300;
/** ms below which they may grow again. */
const QUICK = 150;
/** What a text takes in memory and on the wire at most, by its length, and what an entry takes beside it. */
const BYTES_A_UNIT = 3;
const OVERHEAD = 600;
/** Bytes of one batch. */
export const MAX_BATCH_BYTES = 2 * 1024 * 1024;

/** Bytes an entry with this text counts for. */
export const weigh = (text: string | undefined): number => (text?.length ?? 0) * BYTES_A_UNIT + OVERHEAD;

/** How many entries the next batch takes: fewer while the store is slow, as what is under way cannot be called back. */
export class Pace {
  #size = MOST;

  get size(): number {
    return this.#size;
  }

  /** An insert of a batch took so long. */
  learn(ms: number): void {
    if (ms > SLOW) this.#size = Math.max(LEAST, Math.ceil(this.#size / 2));
    else if (ms < QUICK) this.#size = Math.min(MOST, Math.ceil(this.#size * 1.25));
  }
}
