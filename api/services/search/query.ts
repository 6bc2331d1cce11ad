import { parsePlan, type Plan } from '../../../shared/wire/search.ts';
import { beginsMarks } from './rows.ts';
import { required } from './terms.ts';

/** The part of a plan that the index can answer. */
export interface Terms {
  readonly all: readonly string[];
  readonly none: readonly string[];
  /** What one term begins with. */
  readonly beginning?: string;
}

/** Terms asked of the index at once; the message itself is compared with the whole plan. */
const MAX_TERMS = 20;

/** As `parsePlan`; what all marks begin with is no way to look for words. */
export const parseQuery = (q: string, isTyping = false): Plan =>
  parsePlan(q, isTyping, (beginning) => !beginsMarks(beginning));

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

const longest = (list: readonly string[]): string[] =>
  list.toSorted((a, b) => b.length - a.length).slice(0, MAX_TERMS);
