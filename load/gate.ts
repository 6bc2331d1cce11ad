/** Lets so many through at once; the others wait their turn, first come, first served. */
export class Gate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves inside, with what leaves it again; leaving twice counts once. */
  async enter(): Promise<() => void> {
    if (this.#inside >= this.#limit) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#inside += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const next = this.#waiting.shift();
      // The place is handed on as it is.
      if (next === undefined) this.#inside -= 1;
      else next();
    };
  }
}
