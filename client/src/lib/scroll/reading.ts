import { seqOf, type Row } from '../chat/rows.ts';
import type { InView } from './row-sheet.ts';

/** ms that a message stands in view until it counts as read. */
export const MOMENT = 700;

/** Runs `run` in `ms`; gives what takes it back. */
type After = (ms: number, run: () => void) => () => void;

export interface ReadingDeps {
  rows(): readonly Row[];
  /** Undefined while nothing has its place. */
  inView(): InView | undefined;
  /** Nothing stands before the rows. */
  atStart(): boolean;
  /** Up to where all is read. */
  readSeq(): number | undefined;
  /** Somebody looks, and all that was missed is here. */
  mayRead(): boolean;
  mark(seq: number): void;
}

/**
 * Moves the cursor along with what stood in view for a moment. Whoever jumped over unread messages has not read them: the
 * cursor waits until they come to them, or to the end, which is not told here. Owned by a list, which stops it.
 */
export class Reading {
  readonly #deps: ReadingDeps;
  readonly #after: After;
  #cancel: (() => void) | undefined;
  /** The reader came to what is in view from what is read, without a jump. */
  #along = false;

  constructor(deps: ReadingDeps, after: After = onClock) {
    this.#deps = deps;
    this.#after = after;
  }

  /** Something else may be in view. */
  look(): void {
    if (this.#cancel !== undefined) return;
    const to = this.#seen();
    if (to === undefined) return;
    this.#cancel = this.#after(MOMENT, () => {
      this.#cancel = undefined;
      this.#deps.mark(to);
      this.look();
    });
  }

  /** Something else is about to be in view, by no scrolling. */
  jumped(): void {
    this.stop();
    this.#along = false;
  }

  /** Nobody looks, until the next look. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** The last message in view, if it may be read. */
  #seen(): number | undefined {
    const readSeq = this.#deps.readSeq();
    const view = this.#deps.inView();
    if (readSeq === undefined || view === undefined) return undefined;
    const rows = this.#deps.rows();
    const next = firstAfter(rows, readSeq);
    this.#along = followsOn({ next, first: view.first, atStart: this.#deps.atStart(), along: this.#along });
    return this.#along && this.#deps.mayRead() ? lastSeq(rows, next, view.last) : undefined;
  }
}

const onClock: After = (ms, run) => {
  const timer = setTimeout(run, ms);
  return () => {
    clearTimeout(timer);
  };
};

/** The index of the first row behind `readSeq`. */
function firstAfter(rows: readonly Row[], readSeq: number): number {
  return rows.findLastIndex(({ item }) => (seqOf(item) ?? Infinity) <= readSeq) + 1;
}

/** Whether nothing unread stands before the first row in view, or it was scrolled by. `next`: the first unread row. */
function followsOn(at: {
  readonly next: number;
  readonly first: number;
  readonly atStart: boolean;
  readonly along: boolean;
}): boolean {
  // More that is unread may stand before the rows there are.
  if (at.next === 0 && !at.atStart) return false;
  return at.along || at.first <= at.next;
}

/** The number of the last stored message among the rows `from` to `last`. */
function lastSeq(rows: readonly Row[], from: number, last: number): number | undefined {
  for (let index = Math.min(last, rows.length - 1); index >= from; index -= 1) {
    const row = rows[index];
    const seq = row === undefined ? undefined : seqOf(row.item);
    if (seq !== undefined) return seq;
  }
  return undefined;
}
