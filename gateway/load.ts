/** ms between two looks at the clock. */
const SAMPLE_INTERVAL = 200;
/** ms by which the event loop is late from which on what can be missed is dropped. */
const HIGH = 100;
/** What of one sample's lateness still counts in the next: two seconds of quiet forget a second of delay. */
const DECAY = 0.7;

/**
 * How late this process's event loop is. While it is, typing and presence are dropped and others' receipts wait before they cost
 * anything, so that messages keep their time.
 */
export class LoadMeter {
  readonly #now: () => number;
  readonly #onShed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  #late = 0;

  /** `now`: monotonic ms. `onShed` is called for each frame that is dropped. */
  constructor(now: () => number, onShed: () => void = () => undefined) {
    this.#now = now;
    this.#onShed = onShed;
  }

  start(): void {
    this.#last = this.#now();
    this.#timer = setInterval(() => this.sample(), SAMPLE_INTERVAL).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get isHigh(): boolean {
    return this.#late > HIGH;
  }

  /** True if a frame that can be missed is to be dropped; it is counted. */
  shed(): boolean {
    if (this.isHigh) this.#onShed();
    return this.isHigh;
  }

  /** Called every SAMPLE_INTERVAL, or later: by how much tells the load. */
  sample(): void {
    const now = this.#now();
    this.#late = Math.max(now - this.#last - SAMPLE_INTERVAL, this.#late * DECAY);
    this.#last = now;
  }
}
