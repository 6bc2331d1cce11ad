/** How the last load went, for a view to show. */
export class Loads {
  readonly #onEnd: () => void;
  #error: string | undefined;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** Why the last one failed. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Runs a load; rejects as it does. */
  async run(load: () => Promise<void>): Promise<void> {
    try {
      await load();
      this.#error = undefined;
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#onEnd();
    }
  }

  reset(): void {
    this.#error = undefined;
  }
}
