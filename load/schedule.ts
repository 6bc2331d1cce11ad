/**
 * When things are due at a fixed rate: `from`, and every 1/rate s after it, whatever became of the ones before. Who is
 * late is given all that is due, each with the time it was meant for.
 */
export class Schedule {
  readonly #interval: number;
  #next: number;

  /** `rate` a second, 0 for never; `from` in ms of the clock that `due` is asked with. */
  constructor(rate: number, from: number) {
    this.#interval = 1_000 / rate;
    this.#next = rate > 0 ? from : Infinity;
  }

  /** ms until the next is due; 0 when one is. */
  wait(now: number): number {
    return Math.max(0, this.#next - now);
  }

  /** The intended time of the next, when that has come. */
  due(now: number): number | undefined {
    if (this.#next > now) return undefined;
    const at = this.#next;
    this.#next += this.#interval;
    return at;
  }
}
