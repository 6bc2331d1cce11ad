import { ParleyError, unavailable } from '../../shared/node/errors.ts';
import { realTime, type Time } from './log/time.ts';
import type { Silence } from './silence.ts';

/** ms after which who waits is answered. A send is refused within a second, whatever the store does. */
export const PATIENCE = { send: 800, session: 800, change: 2_500, read: 3_000, log: 4_500 } as const;
/** ms between looks at who waits: how much later than its time an answer may be. */
const LOOK = 50;
/** Who may wait at once. */
const MAX_WAITING = 10_000;
const RETRY_AFTER = 1_000;
/** ms */
const ONE_TURN = 1;

/** Why something was refused before it began, or before its end. */
export type Impatience = 'silence' | 'crowd' | 'late';

interface Waiting {
  readonly since: number;
  /** undefined once answered. */
  reject: ((error: Error) => void) | undefined;
}

/**
 * Asks what may hang. Work is refused at once during silence, and answered `unavailable` when it takes too long. It goes
 * on all the same: its outcome is open to the caller, and a retry finds it. One timer serves all who wait.
 */
export class Patience {
  readonly #what: string;
  readonly #limit: number;
  readonly #silence: Silence;
  readonly #tells: boolean;
  readonly #onImpatience: (why: Impatience) => void;
  readonly #time: Time;
  /** In the order of `since`. */
  #waiting: Waiting[] = [];
  /** Those of them that are not answered yet. */
  #count = 0;
  #isLooking = false;
  #lastLook = 0;

  /**
   * `what` is named in refusals; `limitMs`: one of PATIENCE. `tells` (default true): whether work that takes long is a sign
   * of silence. It is not where work may have reasons of its own.
   */
  constructor(options: {
    readonly what: string;
    readonly limitMs: number;
    readonly silence: Silence;
    readonly tells?: boolean;
    readonly onImpatience?: (why: Impatience) => void;
    readonly time?: Time;
  }) {
    this.#what = options.what;
    this.#limit = options.limitMs;
    this.#silence = options.silence;
    this.#tells = options.tells ?? true;
    this.#onImpatience = options.onImpatience ?? (() => undefined);
    this.#time = options.time ?? realTime;
  }

  /** What `work` gives or throws; rejects `unavailable` during silence or when it takes too long, `overloaded` when too many wait. */
  ask<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#silence.admits()) return this.#refuse('silence', unavailable(this.#what));
    if (this.#count >= MAX_WAITING) {
      const crowded = new ParleyError('overloaded', 'Too much is under way.', { retryAfterMs: RETRY_AFTER });
      return this.#refuse('crowd', crowded);
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { since: this.#time.now(), reject };
      this.#waiting.push(waiting);
      this.#count += 1;
      this.#look();
      if (this.#tells) this.#silence.begin();
      work().then(
        (result) => {
          this.#answered(waiting);
          if (this.#tells) this.#silence.end(true);
          resolve(result);
        },
        (error: unknown) => {
          this.#answered(waiting);
          if (this.#tells) this.#silence.end(false);
          reject(error);
        },
      );
    });
  }

  #answered(waiting: Waiting): void {
    if (waiting.reject === undefined) return;
    waiting.reject = undefined;
    this.#count -= 1;
  }

  #refuse(why: Impatience, error: ParleyError): Promise<never> {
    this.#onImpatience(why);
    return Promise.reject(error);
  }

  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#lastLook = this.#time.now();
    this.#lookLater();
  }

  #lookLater(ms = LOOK): void {
    this.#time.after(ms, () => {
      const now = this.#time.now();
      const hasStoodStill = now - this.#lastLook > ms + 2 * LOOK;
      this.#lastLook = now;
      // Where this process stood still itself, answers may be there already: they are heard first, in one turn.
      if (hasStoodStill && ms === LOOK) return this.#lookLater(ONE_TURN);
      this.#answerLate(now - this.#limit);
      this.#isLooking = this.#waiting.length > 0;
      if (this.#isLooking) this.#lookLater();
    });
  }

  #answerLate(before: number): void {
    const left = this.#waiting.filter(({ reject }) => reject !== undefined);
    for (const waiting of left) {
      if (waiting.since > before) break;
      this.#onImpatience('late');
      waiting.reject?.(unavailable(this.#what));
      this.#answered(waiting);
    }
    this.#waiting = left;
  }
}
