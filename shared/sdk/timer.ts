/** One timer that can be set, moved and stopped; a stopped one never fires. */
export class Timer {
  #handle: ReturnType<typeof setTimeout> | undefined;
  readonly #fire: () => void;

  constructor(fire: () => void) {
    this.#fire = fire;
  }

  get running(): boolean {
    return this.#handle !== undefined;
  }

  /** Starts it, or starts it anew. */
  set(ms: number): void {
    this.stop();
    this.#handle = setTimeout(() => {
      this.#handle = undefined;
      this.#fire();
    }, ms);
  }

  /** Starts it unless it runs. */
  ensure(ms: number): void {
    if (!this.running) this.set(ms);
  }

  stop(): void {
    clearTimeout(this.#handle);
    this.#handle = undefined;
  }
}
