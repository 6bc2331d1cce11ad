/**
 * `lost`: acknowledged, and not in a socket's view. `duplicated`: twice in the view. `disordered`: behind a later one of its
 * sender. `contradicted`: two sockets were shown different things under one number.
 */
export const VIOLATIONS = ['lost', 'duplicated', 'disordered', 'contradicted'] as const;
export type Violation = (typeof VIOLATIONS)[number];

/** As it goes from process to process. */
export interface FoundViolations {
  readonly counts: Readonly<Record<Violation, number>>;
  /** Of each kind the first few, in words. */
  readonly examples: Readonly<Record<Violation, readonly string[]>>;
  /** Numbers whose order could not be judged. */
  readonly unjudged: number;
}

const MAX_EXAMPLES = 5;

/** What was found wrong, counted, the first few in words. */
export class Findings {
  readonly #counts = { lost: 0, duplicated: 0, disordered: 0, contradicted: 0 };
  readonly #examples: Record<Violation, string[]> = {
    lost: [],
    duplicated: [],
    disordered: [],
    contradicted: [],
  };
  #unjudged = 0;

  add(kind: Violation, example: string, count = 1): void {
    this.#counts[kind] += count;
    if (this.#examples[kind].length < MAX_EXAMPLES) this.#examples[kind].push(example);
  }

  unjudged(count: number): void {
    this.#unjudged += count;
  }

  merge({ counts, examples, unjudged }: FoundViolations): void {
    for (const kind of VIOLATIONS) {
      this.#counts[kind] += counts[kind];
      this.#examples[kind].push(...examples[kind].slice(0, MAX_EXAMPLES - this.#examples[kind].length));
    }
    this.#unjudged += unjudged;
  }

  get total(): number {
    return VIOLATIONS.reduce((sum, kind) => sum + this.#counts[kind], 0);
  }

  told(): FoundViolations {
    return structuredClone({ counts: this.#counts, examples: this.#examples, unjudged: this.#unjudged });
  }
}
