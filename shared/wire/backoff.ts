/** How long to wait before trying again, so that thousands who lost the same server do not come back together. */

export interface BackoffOptions {
  /** ms: the first window. */
  readonly base?: number;
  /** ms: the widest window. */
  readonly cap?: number;
  /** In [0, 1); for tests. */
  readonly random?: () => number;
}

/** ms: what a server may ask for at the most; a wrong answer must not park a client for a day. */
const LONGEST_ASKED = 300_000;

/**
 * Exponential backoff with full jitter: anywhere between 0 and a window that doubles up to the cap. A wait the server
 * asked for comes on top, never cut short. The caller resets it when things went well for a while.
 */
export class Backoff {
  readonly #base: number;
  readonly #cap: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor({ base = 500, cap = 30_000, random = Math.random }: BackoffOptions = {}) {
    this.#base = base;
    this.#cap = cap;
    this.#random = random;
  }

  /** Attempts since the last reset. */
  get attempt(): number {
    return this.#attempt;
  }

  /** ms until the next attempt, at least `retryAfterMs` (itself cut at five minutes). */
  next(retryAfterMs = 0): number {
    const window = Math.min(this.#cap, this.#base * 2 ** this.#attempt);
    // Past 2^30 the window is the cap anyway; growing on would only overflow.
    this.#attempt = Math.min(this.#attempt + 1, 30);
    const asked = Math.min(Math.max(retryAfterMs, 0), LONGEST_ASKED);
    return Math.round(asked + this.#random() * window);
  }

  reset(): void {
    this.#attempt = 0;
  }
}
