/** How the last load went, for a view to show. */
export class Loads {
  readonly #onChange: () => void;
  #error: string | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Why the last one failed. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Runs a load; rejects as it does. */
  async run(load: () => Promise<void>): Promise<void> {
    // Whoever tries again sees that it is tried.
    this.#error = undefined;
    this.#onChange();
    try {
      await load();
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.#onChange();
    }
  }

  reset(): void {
    this.#error = undefined;
  }
}
