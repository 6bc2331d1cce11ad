import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';

export interface ReadAheadDeps {
  readonly timing: Timing;
  readonly warn: (message: string, error: unknown) => void;
  /** The next room worth reading; undefined: none is left. */
  readonly next: () => string | undefined;
  readonly load: (room: string) => Promise<void>;
}

/** Reads the newest page of rooms nobody opened yet, one at a time and not in a hurry, so that they are there offline. */
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
    const room = this.#deps.next();
    if (room === undefined || this.#reading) return;
    this.#reading = true;
    try {
      await this.#deps.load(room);
    } catch (error) {
      this.#deps.warn('a room could not be read ahead', error);
      this.#online = false;
    }
    this.#reading = false;
    if (this.#online) this.#timer.set(this.#deps.timing.aheadInterval);
  }
}
