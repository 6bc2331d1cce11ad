/** Lets so many through at a time, in the order in which they came. */
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

  /** Resolves inside, with what leaves it again; leaving twice counts once. */
  async enter(): Promise<() => void> {
    await this.#turn();
    let isInside = true;
    return () => {
      if (isInside) this.#leave();
      isInside = false;
    };
  }

  /** Does `action` once there is room for it, which may be at once; gives or throws what it does. */
  async run<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn();
    if (turn !== undefined) await turn;
    try {
      return await action();
    } finally {
      this.#leave();
    }
  }

  /** Undefined where there is room. */
  #turn(): Promise<void> | undefined {
    if (this.#inside >= this.#limit) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#inside++;
    return undefined;
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
