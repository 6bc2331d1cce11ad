/** ms without a key, a touch or a movement after which nobody is at the device. */
export const IDLE_TIME = 5 * 60_000;
/** The same while the page cannot be seen. */
export const HIDDEN_TIME = 60_000;

/** What the page's own clock does, or a test's. */
export interface Ticking {
  now(): number;
  /** Gives what takes it back. */
  after(ms: number, run: () => void): () => void;
}

/** Whether somebody is at this device. A movement costs no timer: the one under way looks back when it ends. */
export class Idleness {
  readonly #time: Ticking;
  readonly #tell: (away: boolean) => void;
  #touchedAt: number;
  #visible = true;
  #away = false;
  #cancel: () => void = () => undefined;

  /** `tell` hears each change; nobody is away at first. */
  constructor(tell: (away: boolean) => void, time: Ticking) {
    this.#tell = tell;
    this.#time = time;
    this.#touchedAt = time.now();
    this.#wait();
  }

  /** Somebody did something. */
  touched(): void {
    this.#touchedAt = this.#time.now();
    if (!this.#away) return;
    this.#away = false;
    this.#tell(false);
    this.#wait();
  }

  /** The page came into view, or went out of it. */
  shown(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) return this.touched();
    this.#touchedAt = this.#time.now();
    if (!this.#away) this.#wait();
  }

  stop(): void {
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    const limit = this.#visible ? IDLE_TIME : HIDDEN_TIME;
    const left = limit - (this.#time.now() - this.#touchedAt);
    if (left > 0) {
      this.#cancel = this.#time.after(left, () => {
        this.#wait();
      });
      return;
    }
    this.#away = true;
    this.#tell(true);
  }
}
