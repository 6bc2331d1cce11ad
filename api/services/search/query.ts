import { follows, required, tokens } from './words.ts';

/** What a message must hold, each a sequence of words, and what it must not. */
export interface Plan {
  readonly wanted: readonly (readonly string[])[];
  readonly unwanted: readonly (readonly string[])[];
}
/** The part of a plan that the index can answer. */
export interface Terms {
  readonly all: readonly string[];
  readonly none: readonly string[];
}

/** Terms asked of the index at once; the message itself is compared with the whole plan. */
const MAX_TERMS = 20;
/** A phrase in quotes (to the end, where the closing one is missing), or anything between spaces; with a minus before it, not that. */
const PART = /(-?)(?:"([^"]*)"?|([^\s"]+))/gu;

/** A query as people type it: words, "phrases" and -exclusions. Anything is a query; one without a word has no `wanted`. */
export function parseQuery(q: string): Plan {
  const wanted: string[][] = [];
  const unwanted: string[][] = [];
  for (const [, minus, phrase, word] of q.matchAll(PART)) {
    const sequence = tokens(phrase ?? word ?? '');
    if (sequence.length > 0) (minus === '-' ? unwanted : wanted).push(sequence);
  }
  return { wanted, unwanted };
}

/** Every message that `plan` matches has all these terms and none of those. */
export function termsOf({ wanted, unwanted }: Plan): Terms {
  const all = [...new Set(wanted.flatMap(required))];
  const none = unwanted.flatMap((sequence) => (sequence.length === 1 ? sequence : []));
  // The longest say the most.
  return { all: longest(all), none: longest([...new Set(none)]) };
}

/** Whether the index alone can judge it, but for messages that have changed since. */
export function isExact({ wanted, unwanted }: Plan): boolean {
  return [...wanted, ...unwanted].every((sequence) => sequence.length === 1);
}

export function matches({ wanted, unwanted }: Plan, text: string): boolean {
  const words = tokens(text);
  return wanted.every((part) => follows(words, part)) && !unwanted.some((part) => follows(words, part));
}

const longest = (list: readonly string[]): string[] =>
  list.toSorted((a, b) => b.length - a.length).slice(0, MAX_TERMS);
