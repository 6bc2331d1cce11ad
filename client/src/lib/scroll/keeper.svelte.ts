import { tick, untrack } from 'svelte';
import type { Row } from '../chat/rows.ts';
import type { Place } from '../state/places.ts';
import { coalesce, nextFrame } from './frame.ts';
import { follows, isAtEnd, wantsNewer, wantsOlder, type Hand, type Viewport } from './geometry.ts';
import type { Reading } from './reading.ts';
import type { InView, Part, RowSheet } from './row-sheet.ts';
import { VirtualRows } from './virtual-rows.svelte.ts';

/** ms for which a scroll still counts as the reader's hand; each scroll in time renews it (momentum). */
const HAND = 250;
/** px above the unread line when a room opens at it. */
const LINE_MARGIN = 96;

/**
 * Keeps the reader's place in a list of messages: history above, bursts below and growing rows move nothing; at the end it
 * follows. Owned by the list's component, which hands it the list and the reader's doings.
 */
export class ScrollKeeper {
  readonly list = new VirtualRows();
  following = $state(true);
  /** The first position is found. */
  placed = $state(false);
  /** The last row that was seen at the end: what came behind it is new. */
  seenKey: string | undefined = $state();

  /** Hears when something else may be in view. */
  reading: Pick<Reading, 'look' | 'jumped'> | undefined;

  /** What was missed comes in below what is shown: nothing is followed until it is all there. */
  #holding = false;
  readonly #wantOlder: () => void;
  readonly #wantNewer: () => void;
  #detached = false;
  #sheet: RowSheet | undefined;
  readonly #cover = coalesce(() => void this.list.cover(), nextFrame);
  #handUntil = 0;
  #offset = 0;

  constructor(wantOlder: () => void, wantNewer: () => void = () => undefined) {
    this.#wantOlder = wantOlder;
    this.#wantNewer = wantNewer;
  }

  /** What is shown does not reach the newest: its end is no place to follow. */
  set detached(detached: boolean) {
    this.#detached = detached;
    if (detached) untrack(() => this.#leaveEnd());
  }

  /** All there are, drawn or not. */
  get rows(): readonly Row[] {
    return this.list.all;
  }

  attach(sheet: RowSheet): () => void {
    this.#sheet = sheet;
    this.list.attach(sheet);
    return () => {
      this.#cover.cancel();
      this.#sheet = undefined;
      this.list.attach(undefined);
    };
  }

  /** Draws `next`, keeping the place; the first time, the one that was left, the unread line or the end. */
  show(next: readonly Row[], left: Place | undefined): void {
    untrack(() => {
      const isFirst = !this.placed && next.length > 0;
      this.list.replace(next);
      this.#cover.request();
      if (!isFirst) return;
      this.placed = true;
      this.#start(next, left);
    });
  }

  #start(rows: readonly Row[], left: Place | undefined): void {
    const kept = left?.atEnd === false ? rows.findIndex((row) => row.key === left.key) : -1;
    if (left !== undefined && kept !== -1) {
      this.#bring(kept, left.top, 'words');
    } else if (!this.toLine()) {
      this.following = !this.#detached;
      this.list.bringEnd();
      this.#arrive();
    }
  }

  /** Nearly at the end counts as the end, else its last row would stand there cut. */
  #arrive(): void {
    // Behind the drawing.
    void tick().then(() => {
      const view = this.#view();
      if (view === undefined || view.viewport === 0) return;
      if (this.#holding) this.list.holdSeen();
      else if (!this.#detached && isAtEnd(view)) this.#follow();
      this.#look('none');
    });
  }

  #follow(): void {
    this.following = true;
    this.list.bringEnd();
  }

  /** The place as it is now, to come back to. */
  place(): Place | undefined {
    if (!this.placed) return undefined;
    const { standing } = this.list;
    if (this.following || standing === undefined) return { atEnd: true, key: undefined, top: 0 };
    return { atEnd: false, key: standing.key, top: standing.top };
  }

  get inView(): InView | undefined {
    return this.placed ? untrack(() => this.list.inView) : undefined;
  }

  toEnd(): void {
    this.#detached = false;
    this.#holding = false;
    this.#follow();
    this.seenKey = this.rows.at(-1)?.key;
  }

  /** Brings a row into view, moving as little as it takes. */
  reveal(key: string): void {
    const index = this.rows.findIndex((row) => row.key === key);
    const sheet = this.#sheet;
    if (index === -1 || sheet === undefined) return;
    const top = sheet.topOf({ key, part: 'row' });
    if (top === undefined || top < 0) return this.#bring(index, 0);
    const below = top + sheet.heightOf(key) - sheet.scroller.clientHeight;
    if (below > 0) this.#bring(index, top - below);
  }

  /** Brings a row to the middle; settles when it stands there. */
  async center(key: string): Promise<void> {
    untrack(() => {
      const index = this.rows.findIndex((row) => row.key === key);
      if (index !== -1) this.#bring(index, (this.#sheet?.scroller.clientHeight ?? 0) * 0.4);
    });
    await tick();
  }

  /** Stands where one stood before, as `place` gave it; its row is there. */
  async rest({ key, top }: Place): Promise<void> {
    untrack(() => {
      const index = this.rows.findIndex((row) => row.key === key);
      if (index !== -1) this.#bring(index, top, 'words');
    });
    await tick();
  }

  /** Brings the unread line into view; false where there is none. */
  toLine(): boolean {
    const line = this.rows.findIndex((row) => row.unread);
    if (line !== -1) this.#bring(line, LINE_MARGIN);
    return line !== -1;
  }

  /** What was missed is about to come. */
  hold(): void {
    this.#holding = true;
    untrack(() => {
      if (this.placed && this.following) this.list.holdSeen();
    });
  }

  /** It is there: the reader goes on at the first they have not read, or at the end. */
  release(): void {
    if (!this.#holding) return;
    this.#holding = false;
    // On the way to the line it is too early to look: the list still stands at its end.
    if (!this.placed || !this.following || this.toLine()) return;
    this.#follow();
    this.#look('none');
  }

  /** What was wanted and could not be had may be there to have. */
  again(): void {
    this.#look('none');
  }

  /** What the reader looks at grows by their wish: it stays where it is, also at the end of the list. */
  stay(on: EventTarget | null): void {
    this.following = false;
    this.#holdAt(on);
  }

  /** The reader's hand is on the list: wheel, touch, keys, the bar. */
  touched(): void {
    this.#handUntil = performance.now() + HAND;
  }

  /** The hand is on a row: whatever that changes, the row stays under the hand. */
  touchedRow(on: EventTarget | null): void {
    if (!this.following) this.#holdAt(on);
  }

  #holdAt(on: EventTarget | null): void {
    const key = on instanceof Element ? this.#sheet?.rowOf(on) : undefined;
    if (key !== undefined) this.list.hold(key, 'words');
  }

  scrolled(): void {
    const sheet = this.#sheet;
    if (sheet === undefined || !this.placed) return;
    const byHand = performance.now() < this.#handUntil;
    if (byHand) this.touched();
    const { scrollTop } = sheet.scroller;
    const hand = !byHand ? 'none' : scrollTop < this.#offset ? 'up' : 'down';
    this.#look(hand);
    // What is drawn now is enough for this frame.
    if (this.list.moved(this.following && !this.#holding)) this.#cover.cancel();
  }

  /** Rows or the viewport changed their size. */
  resized(): void {
    this.list.settle();
    this.#look('none');
    // Rows drawn now would be measured a frame late.
    this.#cover.request();
  }

  #bring(index: number, top: number, part: Part = 'row'): void {
    this.following = false;
    this.reading?.jumped();
    this.list.bring(index, top, part);
    this.#arrive();
  }

  #leaveEnd(): void {
    if (!this.following) return;
    this.following = false;
    if (this.placed) this.list.holdSeen();
  }

  #look(hand: Hand): void {
    const view = this.#view();
    if (view === undefined || !this.placed || view.viewport === 0) return;
    this.#offset = view.offset;
    const was = this.following;
    this.following = !this.#detached && follows(was, view, hand);
    if (this.following && !was && !this.#holding) this.list.bringEnd();
    if (this.following) this.seenKey = this.rows.at(-1)?.key;
    if (wantsOlder(view)) this.#wantOlder();
    if (this.#detached && wantsNewer(view)) this.#wantNewer();
    this.reading?.look();
  }

  #view(): Viewport | undefined {
    if (this.#sheet === undefined) return undefined;
    const { scrollTop, scrollHeight, clientHeight } = this.#sheet.scroller;
    return { offset: scrollTop, size: scrollHeight, viewport: clientHeight };
  }
}
