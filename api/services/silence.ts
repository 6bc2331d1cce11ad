/** ms without any success, while something is waiting, that count as silence: a store that lives answers in far less. */
const SILENCE = 1_500;

/** Tells when what work depends on has gone silent, so that new work can be refused at once instead of waiting as well. */
export class Silence {
  readonly #now: () => number;
  #underway = 0;
  #lastSign = 0;

  /** `now`: monotonic, ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** True while work is under way and none has succeeded for a while; false as soon as all of it has failed. */
  get isSilent(): boolean {
    return this.#underway > 0 && this.#now() - this.#lastSign > SILENCE;
  }

  /** Gives or throws what `work` does. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#underway === 0) this.#lastSign = this.#now();
    this.#underway += 1;
    try {
      const result = await work();
      this.#lastSign = this.#now();
      return result;
    } finally {
      this.#underway -= 1;
    }
  }
}
