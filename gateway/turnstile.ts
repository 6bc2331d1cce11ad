/**
 * Lets so many through at a time, in the order in which they came. When thousands of clients come back at once, each
 * step of one `hello` would otherwise wait behind those of all others, until Redis seems not to answer.
 */
export class Turnstile {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  /** Index of the next who waits: a queue of thousands must not be moved for each. */
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get waiting(): number {
    return this.#waiting.length - this.#next;
  }

  /** Does `action` once there is room for it; gives or throws what it does. */
  async run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside++;
    try {
      return await action();
    } finally {
      this.#leave();
    }
  }

  /** The place goes to who waits longest. */
  #leave(): void {
    const next = this.#waiting[this.#next];
    if (next === undefined) {
      this.#inside--;
      return;
    }
    this.#next++;
    if (this.#next === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#next = 0;
    }
    next();
  }
}
