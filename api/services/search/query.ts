import { beginsMarks } from './rows.ts';
import { follows, followsTyped, isBeginning, required, tokens } from './words.ts';

/** What a message must hold, each a sequence of words, and what it must not. */
export interface Plan {
  readonly wanted: readonly (readonly string[])[];
  readonly unwanted: readonly (readonly string[])[];
  /** One more that it must hold, the last word of it perhaps only begun. */
  readonly typed?: readonly string[];
}
/** The part of a plan that the index can answer. */
export interface Terms {
  readonly all: readonly string[];
  readonly none: readonly string[];
  /** What one term begins with. */
  readonly beginning?: string;
}

/** Terms asked of the index at once; the message itself is compared with the whole plan. */
const MAX_TERMS = 20;
/** A phrase in quotes (to the end, where the closing one is missing), or anything between spaces; with a minus before it, not that. */
const PART = /(-?)(?:"([^"]*)"?|([^\s"]+))/gu;
/** Punctuation ends a word. */
const OPEN = /[\p{L}\p{N}\p{M}]$/u;

/**
 * A query as people type it: words, "phrases" and -exclusions. Anything is a query; one without a word has no `wanted`.
 * `isTyping`: the word at its end may be only the beginning of one.
 */
export function parseQuery(q: string, isTyping = false): Plan {
  const wanted: string[][] = [];
  const unwanted: string[][] = [];
  for (const { 0: part, 1: minus, 2: phrase, 3: word, index } of q.matchAll(PART)) {
    const sequence = tokens(phrase ?? word ?? '');
    if (sequence.length === 0) continue;
    const isOpen = isTyping && index + part.length === q.length && minus === '' && OPEN.test(word ?? '');
    const last = sequence.at(-1) ?? '';
    if (isOpen && isBeginning(last) && !beginsMarks(last)) return { wanted, unwanted, typed: sequence };
    (minus === '-' ? unwanted : wanted).push(sequence);
  }
  return { wanted, unwanted };
}

/** Every message that `plan` matches has all these terms and none of those. */
export function termsOf({ wanted, unwanted, typed }: Plan): Terms {
  const whole = typed === undefined ? wanted : [...wanted, typed.slice(0, -1)];
  const all = [...new Set(whole.flatMap(required))];
  const beginning = typed?.at(-1);
  const none = unwanted.flatMap((sequence) => (sequence.length === 1 ? sequence : []));
  // The longest say the most.
  return {
    all: longest(all),
    none: longest([...new Set(none)]),
    ...(beginning === undefined ? {} : { beginning }),
  };
}

/** Whether the index alone can judge it, but for messages that have changed since. */
export function isExact({ wanted, unwanted, typed = [''] }: Plan): boolean {
  return [...wanted, ...unwanted, typed].every((sequence) => sequence.length === 1);
}

export function matches({ wanted, unwanted, typed }: Plan, text: string): boolean {
  const words = tokens(text);
  return (
    wanted.every((part) => follows(words, part)) &&
    !unwanted.some((part) => follows(words, part)) &&
    (typed === undefined || followsTyped(words, typed))
  );
}

const longest = (list: readonly string[]): string[] =>
  list.toSorted((a, b) => b.length - a.length).slice(0, MAX_TERMS);
