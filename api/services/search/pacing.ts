/** Messages a second, stored by this node, that double the rest after a batch. */
const DOUBLING_RATE = 100;
/** ms; so a backlog shrinks even while the node is as busy as it can be. */
const LONGEST_REST = 4_000;
const SHORTEST_REST = 20;

/**
 * ms to rest after a batch of rows that took `took` ms, while this node stores `rate` messages a second: as long as it
 * worked when all is quiet, many times that when people send much. A slow store makes batches long and so rests longer.
 */
export function restAfter(took: number, rate: number): number {
  return Math.min(LONGEST_REST, Math.max(SHORTEST_REST, took * (1 + rate / DOUBLING_RATE)));
}

/** The rate of a counter that only rises, between looks at it. */
export class Rate {
  readonly #read: () => number;
  #count: number;
  #at: number;
  #rate = 0;

  constructor(read: () => number, now: number) {
    this.#read = read;
    this.#count = read();
    this.#at = now;
  }

  /** A second's worth since the last look, which counts for itself where it is less than 100 ms ago. `now`: monotonic ms. */
  look(now: number): number {
    const passed = now - this.#at;
    if (passed < 100) return this.#rate;
    const count = this.#read();
    this.#rate = ((count - this.#count) * 1_000) / passed;
    this.#count = count;
    this.#at = now;
    return this.#rate;
  }
}
