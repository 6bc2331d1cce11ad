import { realTime, type Time } from './log/time.ts';

/** ms between looks while something is under way. */
const LOOK = 50;
/** ms without any success, while something is under way, that count as silence: a store that lives answers in far less. */
const SILENCE = 500;
/** ms between two pieces of work that are let through all the same, to find out whether the silence is over. */
const PROBE = 250;

/**
 * Tells when what work depends on has gone silent, so that new work can be refused at once instead of waiting as well.
 * Only time that this process lived through counts: while it stood still itself, it could hear nothing.
 */
export class Silence {
  readonly #time: Time;
  #underway = 0;
  #quiet = 0;
  #lastLook = 0;
  #lastProbe = 0;
  #isLooking = false;

  constructor(time: Time = realTime) {
    this.#time = time;
  }

  /** Pieces of work that have not come to their end, whether somebody still waits for them or not. */
  get underway(): number {
    return this.#underway;
  }

  /** True while work is under way and none has succeeded for a while; false as soon as all of it has failed. */
  get isSilent(): boolean {
    return this.#underway > 0 && this.#quiet >= SILENCE;
  }

  /** Whether new work should begin: during silence only a probe now and then. */
  admits(): boolean {
    if (!this.isSilent) return true;
    const now = this.#time.now();
    if (now - this.#lastProbe < PROBE) return false;
    this.#lastProbe = now;
    return true;
  }

  /** A piece of work begins; `end` must follow. */
  begin(): void {
    if (this.#underway === 0) this.#quiet = 0;
    this.#underway += 1;
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#lastLook = this.#time.now();
    this.#lookLater();
  }

  end(hasSucceeded: boolean): void {
    this.#underway -= 1;
    if (hasSucceeded) this.#quiet = 0;
  }

  #lookLater(): void {
    this.#time.after(LOOK, () => {
      const now = this.#time.now();
      this.#quiet += Math.min(now - this.#lastLook, 2 * LOOK);
      this.#lastLook = now;
      this.#isLooking = this.#underway > 0;
      if (this.#isLooking) this.#lookLater();
    });
  }
}
