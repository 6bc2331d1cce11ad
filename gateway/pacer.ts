/** ms of work in one turn of the event loop. */
const SLICE = 5;

/** Does small things in the order they were given, a few ms of them in each turn of the event loop: thousands that come at once hold up nothing else. */
export class Pacer {
  readonly #waiting: (() => void)[] = [];
  readonly #now: () => number;
  /** Index of the next: a queue of thousands must not be moved for each. */
  #next = 0;
  #isScheduled = false;

  /** `now`: monotonic ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get waiting(): number {
    return this.#waiting.length - this.#next;
  }

  /** `action` is called in this turn of the event loop or a later one. It must not throw, and the caller limits how many wait. */
  run(action: () => void): void {
    this.#waiting.push(action);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#slice);
  }

  readonly #slice = (): void => {
    this.#isScheduled = false;
    const end = this.#now() + SLICE;
    do this.#waiting[this.#next++]?.();
    while (this.#next < this.#waiting.length && this.#now() < end);
    if (this.#next < this.#waiting.length) return this.#schedule();
    this.#waiting.length = 0;
    this.#next = 0;
  };
}
