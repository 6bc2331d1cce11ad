/**
 * What becomes of one call to a shared server. Effects and answers come apart: a call may be answered long after it took
 * effect, take effect long after its caller gave up, or do only one of the two.
 */
export type Fate =
  /** Takes effect after `delay` ms and is answered `answer` ms after that. */
  | { readonly kind: 'done'; readonly delay: number; readonly answer: number }
  /** Fails for the caller; the effect comes `effect` ms after the call, maybe much later, or never. */
  | { readonly kind: 'failed'; readonly delay: number; readonly effect: number | undefined }
  /** The caller dies, before the call left it or after. */
  | { readonly kind: 'death'; readonly effect: number | undefined };

/** What happens to the world just before a call. */
export type Disturbance =
  | { readonly kind: 'none' | 'counter emptied' | 'redis away' | 'redis back' }
  | { readonly kind: 'counter stepped back'; readonly by: number }
  /** Taken by a node that died with them. */
  | { readonly kind: 'numbers lost'; readonly count: number }
  | { readonly kind: 'caller paused'; readonly ms: number };

/** Around the 3 s after which others decide, and the 2.5 s after which an insert is given up. */
const STALLS = [40, 400, 2_600, 3_100, 3_600, 6_200, 9_500] as const;

/** Numbers below 1,000 that decide everything, used up one after the other; after the last all goes well. 0 is the most harmless. */
export class Tape {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  next(): number {
    return this.#numbers[this.#next++] ?? 0;
  }

  end(): void {
    this.#next = this.#numbers.length;
  }

  fate(): Fate {
    const roll = this.next();
    if (roll < 800) return { kind: 'done', delay: 1 + (roll % 23), answer: 0 };
    const stall = STALLS[roll % STALLS.length] ?? 0;
    if (roll < 860) return { kind: 'done', delay: 1 + (roll % 5), answer: stall };
    if (roll < 900) return { kind: 'done', delay: stall, answer: 0 };
    if (roll < 925) return { kind: 'failed', delay: 1 + (roll % 9), effect: undefined };
    if (roll < 950) return { kind: 'failed', delay: 2_500, effect: 1 + (roll % 9) };
    if (roll < 975) return { kind: 'failed', delay: 1 + (roll % 9), effect: stall };
    return { kind: 'death', effect: [undefined, 1, stall][roll % 3] };
  }

  disturbance(): Disturbance {
    const roll = this.next();
    if (roll < 900) return { kind: 'none' };
    if (roll < 915) return { kind: 'counter emptied' };
    if (roll < 940) return { kind: 'counter stepped back', by: 1 + (roll % 8) };
    if (roll < 955) return { kind: 'numbers lost', count: 1 + (roll % 3) };
    if (roll < 965) return { kind: 'redis away' };
    if (roll < 980) return { kind: 'redis back' };
    return { kind: 'caller paused', ms: STALLS[roll % STALLS.length] ?? 0 };
  }
}
