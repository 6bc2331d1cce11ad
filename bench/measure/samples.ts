import { percentile } from './stats.ts';

/** Milliseconds, as they were met. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const FIRST = 4_096;

/** Durations in ms, up to a limit; further ones replace random earlier ones, so that all stand the same chance. */
export class Samples {
  readonly #max: number;
  #values = new Float64Array(FIRST);
  #seen = 0;

  constructor(max = 2_000_000) {
    this.#max = max;
  }

  get count(): number {
    return this.#seen;
  }

  add(ms: number): void {
    const place = this.#seen < this.#max ? this.#seen : Math.floor(Math.random() * (this.#seen + 1));
    this.#seen++;
    if (place >= this.#max) return;
    if (place >= this.#values.length) this.#grow();
    this.#values[place] = ms;
  }

  clear(): void {
    this.#seen = 0;
  }

  /** NaN where nothing was added. */
  latency(): Latency {
    const sorted = this.#values.slice(0, Math.min(this.#seen, this.#max)).sort();
    return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: percentile(sorted, 1) };
  }

  #grow(): void {
    const larger = new Float64Array(Math.min(this.#max, this.#values.length * 2));
    larger.set(this.#values);
    this.#values = larger;
  }
}
