import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';

export interface ReadAheadDeps {
  readonly timing: Timing;
  readonly warn: (message: string, error: unknown) => void;
  /** Reads what is worth reading next; undefined: nothing is left. */
  readonly next: () => (() => Promise<void>) | undefined;
}

/** Reads what nobody opened yet, one at a time and not in a hurry, so that it is there offline. */
export class ReadAhead {
  readonly #deps: ReadAheadDeps;
  readonly #timer = new Timer(() => {
    void this.#step();
  });
  #online = false;
  #reading = false;

  constructor(deps: ReadAheadDeps) {
    this.#deps = deps;
  }

  /** The link is up, or went: nothing is read while it is away. */
  onLink(online: boolean): void {
    this.#online = online;
    if (online) this.poke();
    else this.#timer.stop();
  }

  /** There may be something to read. */
  poke(): void {
    if (this.#online && !this.#reading) this.#timer.ensure(this.#deps.timing.aheadDelay);
  }

  stop(): void {
    this.onLink(false);
  }

  async #step(): Promise<void> {
    const read = this.#reading ? undefined : this.#deps.next();
    if (read === undefined) return;
    this.#reading = true;
    try {
      await read();
    } catch (error) {
      this.#deps.warn('something could not be read ahead', error);
      this.#online = false;
    }
    this.#reading = false;
    if (this.#online) this.#timer.set(this.#deps.timing.aheadInterval);
  }
}
