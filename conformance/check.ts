import type { Context } from './context.ts';

/** One fact of the contract, and how to find out. */
export interface Check {
  /** A fact, in the present tense. */
  readonly title: string;
  /** The heading of docs/protocol.md that states it, as its anchor. */
  readonly section: string;
  /** About how long it takes; the longest begin first. */
  readonly seconds?: number;
  /** After all others: judges what they have seen. */
  readonly isLast?: true;
  /** Throws a Mismatch where the fact does not hold, a Skip where it cannot be told. */
  readonly run: (context: Context) => Promise<void>;
}

type Run = Check['run'];
type Add = (title: string, run: Run, options?: Pick<Check, 'seconds' | 'isLast'>) => void;

/** The checks of one section, as `define` adds them. */
export function section(anchor: string, define: (check: Add) => void): readonly Check[] {
  const checks: Check[] = [];
  define((title, run, options = {}) => checks.push({ title, section: anchor, run, ...options }));
  return checks;
}
