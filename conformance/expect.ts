import { isDeepStrictEqual } from 'node:util';

/** A fact that does not hold: what the contract promises, and what was seen instead. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
  readonly expected: string;
  readonly seen: string;

  constructor(expected: string, seen: unknown) {
    super(`expected ${expected}; seen ${show(seen)}`);
    this.expected = expected;
    this.seen = show(seen);
  }
}

/** The check cannot be made here; says why. */
export class Skip extends Error {
  override readonly name = 'Skip';
}

export function expectEqual(seen: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(seen, expected)) throw new Mismatch(`${what} ${show(expected)}`, seen);
}

/** `expected` says in words what should be true. */
export function expectThat(holds: boolean, expected: string, seen: unknown): void {
  if (!holds) throw new Mismatch(expected, seen);
}

/** The value, which must be there. */
export function expectPresent<T>(value: T | undefined, expected: string): T {
  if (value === undefined) throw new Mismatch(expected, 'nothing');
  return value;
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 300 ? `${text.slice(0, 300)} … (${text.length})` : text;
}
