import type { Logger } from '../shared/node/logger.ts';

/** Logs that something keeps failing when it begins and when it is over, not each time. */
export class Outage {
  readonly #logger: Logger;
  readonly #what: string;
  #isOn = false;

  /** `what` as in "`what` failed", "`what` works again". */
  constructor(logger: Logger, what: string) {
    this.#logger = logger;
    this.#what = what;
  }

  /** Runs it; true if it did not fail. Never rejects. */
  async attempt(action: () => Promise<void> | void): Promise<boolean> {
    try {
      await action();
    } catch (error) {
      if (!this.#isOn) this.#logger.warn({ err: error }, `${this.#what} failed`);
      this.#isOn = true;
      return false;
    }
    if (this.#isOn) this.#logger.info(`${this.#what} works again`);
    this.#isOn = false;
    return true;
  }
}
