import { Reading, type ReadingDeps } from './reading.ts';
import { rowsInView } from './row-sheet.ts';

/** px that still count as the end. */
const NEAR_END = 48;
/** px above the unread line when a thread opens at it. */
const ABOVE_LINE = 72;

/**
 * Where one stands in a thread's list, of which every row is drawn: at first at the unread line, then at the end while one
 * is there; and what stood in view for a moment is read. Owned by the pane.
 */
export class ThreadScroll {
  readonly reading: Reading;
  #scroller: HTMLElement | undefined;
  #atEnd = $state(true);
  #placed = $state(false);

  constructor(deps: Omit<ReadingDeps, 'inView'>) {
    this.reading = new Reading({
      ...deps,
      inView: () => {
        if (!this.#placed || this.#scroller === undefined) return undefined;
        return rowsInView(this.#scroller, [...this.#scroller.querySelectorAll<HTMLElement>('[data-row]')]);
      },
    });
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }
  /** The first rows have their place. */
  get placed(): boolean {
    return this.#placed;
  }

  readonly attach = (scroller: HTMLElement): (() => void) => {
    this.#scroller = scroller;
    return () => {
      this.reading.stop();
      this.#scroller = undefined;
    };
  };

  /** What was missed came in: who stands at the end begins at the line above it. */
  startAgain(): void {
    if (this.#atEnd) this.#placed = false;
  }

  /** Rows were drawn. */
  drawn(): void {
    const scroller = this.#scroller;
    if (scroller === undefined) return;
    if (this.#placed) {
      // At the end one stays there; anywhere else nothing moves.
      if (this.#atEnd) this.toEnd();
    } else {
      const line = scroller.querySelector('[data-unread]');
      if (line === null) this.toEnd();
      else
        scroller.scrollTop +=
          line.getBoundingClientRect().top - scroller.getBoundingClientRect().top - ABOVE_LINE;
      this.#placed = true;
    }
    this.scrolled();
  }

  scrolled(): void {
    if (this.#scroller === undefined) return;
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    this.reading.look();
  }

  toEnd(): void {
    this.#atEnd = true;
    if (this.#scroller !== undefined) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Brings a message into view; gives whether it is there. */
  reveal(seq: number, block: 'nearest' | 'center' = 'nearest'): boolean {
    const row = this.#scroller?.querySelector(`[data-seq="${String(seq)}"]`);
    row?.scrollIntoView({ block });
    this.scrolled();
    return row !== null && row !== undefined;
  }
}
