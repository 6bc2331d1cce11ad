import { tick, untrack } from 'svelte';
import type { VirtualizerHandle } from 'virtua/svelte';
import type { Row } from '../chat/rows.ts';
import type { Place } from '../state/places.ts';
import { nextFrame } from './frame.ts';
import { follows, isAtEnd, wantsNewer, wantsOlder, type Viewport } from './geometry.ts';
import { steps } from './steps.ts';

/** ms for which a scroll still counts as the reader's hand; each scroll in time renews it (momentum). */
const HAND = 250;
/** px above the unread line when a room opens at it. */
const LINE_MARGIN = 96;

/**
 * Keeps the reader's place in a virtual list of messages: history above, bursts below and growing rows move nothing; at
 * the end it follows. Owned by the list's component, which hands it the list and the reader's doings.
 */
export class ScrollKeeper {
  /** What the list draws; lags behind `show` by a tick where a change takes two steps. */
  rows: readonly Row[] = $state.raw([]);
  shift = $state(false);
  following = $state(true);
  /** The first position is found; until then the list stays unseen. */
  placed = $state(false);
  /** The last row that was seen at the end: what came behind it is new. */
  seenKey: string | undefined = $state();

  /** What was missed comes in below what is shown: nothing is followed until it is all there. */
  #holding = false;
  readonly #wantOlder: () => void;
  readonly #wantNewer: () => void;
  #detached = false;
  #list: VirtualizerHandle | undefined;
  #wanted: readonly Row[] | undefined;
  #busy = false;
  #handUntil = 0;
  /** Where an opening list is to stand, until it stands there. */
  #aim: { readonly atEnd: boolean; readonly go: () => void } | undefined;

  constructor(wantOlder: () => void, wantNewer: () => void = () => undefined) {
    this.#wantOlder = wantOlder;
    this.#wantNewer = wantNewer;
  }

  /** What is shown does not reach the newest: its end is no place to follow. */
  set detached(detached: boolean) {
    this.#detached = detached;
    if (detached) this.following = false;
  }

  attach(list: VirtualizerHandle): void {
    this.#list = list;
  }

  /** The list is taken apart: what was to come with the next frame has nothing to move. */
  detach(): void {
    this.#list = undefined;
  }

  /** Draws `next`, keeping the place. The last of several calls within a tick wins. */
  show(next: readonly Row[], open: (rows: readonly Row[]) => void): void {
    untrack(() => {
      this.#wanted = next;
      if (this.#busy) return;
      this.#busy = true;
      this.#drain(open)
        .finally(() => {
          this.#busy = false;
        })
        .catch(reportError);
    });
  }

  async #drain(open: (rows: readonly Row[]) => void): Promise<void> {
    while (this.#wanted !== undefined) {
      const next = this.#wanted;
      this.#wanted = undefined;
      const isFirst = this.rows.length === 0 && next.length > 0;
      for (const step of steps(this.rows, next)) {
        this.shift = step.shift;
        this.rows = step.rows;
        await tick();
        if (this.placed && this.following && !this.#holding && !step.shift) this.#pin();
      }
      this.shift = false;
      if (isFirst) {
        await tick();
        open(next);
        await this.#settle();
      }
      this.#look(false);
    }
  }

  /** Two frames to measure: rows turn out higher than guessed, and the composer takes its height; so the aim is taken anew. */
  async #settle(): Promise<void> {
    for (let frames = 0; frames < 2; frames += 1) {
      await new Promise<void>((resolve) => setTimeout(resolve, 16));
      this.#aim?.go();
    }
    const view = this.#view();
    this.following = this.#aim?.atEnd === true || view === undefined || isAtEnd(view);
    this.placed = true;
    this.#aim = undefined;
    // Nearly at the end is shown as the end, not with its last row cut.
    if (this.following) this.#pin();
  }

  /** Where to stand first: as left, else at the unread line, else at the end. */
  start(rows: readonly Row[], place: Place | undefined): void {
    const kept = place?.atEnd === false ? rows.findIndex((row) => row.key === place.key) : -1;
    const line = rows.findIndex((row) => row.unread);
    const to = (index: number, offset: number) => (): void => {
      this.#list?.scrollToIndex(index, { align: 'start', offset });
    };
    if (kept !== -1 && place !== undefined) this.#aim = { atEnd: false, go: to(kept, place.offset) };
    else if (line !== -1) this.#aim = { atEnd: false, go: to(line, -LINE_MARGIN) };
    else this.#aim = { atEnd: true, go: () => this.#pin() };
    this.#aim.go();
  }

  /** The place as it is now, to come back to. */
  place(): Place | undefined {
    const list = this.#list;
    const view = this.#view();
    if (list === undefined || view === undefined || !this.placed) return undefined;
    const index = list.findItemIndex(view.offset);
    return {
      atEnd: this.following,
      key: this.rows[index]?.key,
      offset: view.offset - list.getItemOffset(index),
    };
  }

  toEnd(): void {
    this.#detached = false;
    this.following = true;
    this.#pin();
  }

  /** Brings a row into view, moving as little as it takes. */
  reveal(key: string): void {
    const list = this.#list;
    const view = this.#view();
    const index = this.rows.findIndex((row) => row.key === key);
    if (list === undefined || view === undefined || index === -1) return;
    const top = list.getItemOffset(index);
    if (top >= view.offset && top + list.getItemSize(index) <= view.offset + view.viewport) return;
    // Where this ends decides whether the newest is followed again.
    this.following = false;
    list.scrollToIndex(index, { align: 'nearest' });
  }

  /** Brings a row to the middle; rows on the way turn out higher than guessed, so the aim is taken anew. */
  async center(key: string): Promise<void> {
    await this.#aimAt(key, (index) => this.#list?.scrollToIndex(index, { align: 'center' }));
  }

  /** Stands where one stood before, as `place` gave it; its row is there. */
  async rest({ key, offset }: Place): Promise<void> {
    await this.#aimAt(key, (index) => this.#list?.scrollToIndex(index, { align: 'start', offset }));
  }

  async #aimAt(key: string | undefined, go: (index: number) => void): Promise<void> {
    this.following = false;
    for (let frames = 0; frames < 4; frames += 1) {
      const index = this.rows.findIndex((row) => row.key === key);
      if (index !== -1) go(index);
      await new Promise<void>((resolve) => setTimeout(resolve, 16));
    }
    this.#look(false);
  }

  /** What was missed is about to come. */
  hold(): void {
    this.#holding = true;
  }

  /** It is there: the reader goes on at the first they have not read, or at the end. */
  release(): void {
    if (!this.#holding) return;
    this.#holding = false;
    const isUnread = this.rows.some((row) => row.unread);
    if (!this.placed && this.#aim?.atEnd === true && isUnread) {
      // It came while the list was still looking for its first place.
      this.#aim = { atEnd: false, go: () => this.toLine() };
      return;
    }
    if (!this.placed || !this.following) return;
    if (!isUnread) return this.#pinDrawn();
    this.following = false;
    this.toLine();
    this.#look(false);
  }

  toLine(): void {
    const line = this.rows.findIndex((row) => row.unread);
    if (line !== -1) this.#list?.scrollToIndex(line, { align: 'start', offset: -LINE_MARGIN });
  }

  /** What the reader looks at grows by their wish: it stays where it is, also at the end of the list. */
  stay(): void {
    this.following = false;
  }

  /** The reader's hand is on the list: wheel, touch, keys, the bar. */
  touched(): void {
    this.#handUntil = performance.now() + HAND;
  }

  scrolled(): void {
    const byHand = performance.now() < this.#handUntil;
    if (byHand) this.touched();
    this.#look(byHand);
  }

  /** Rows or the viewport changed their size. */
  resized(): void {
    if (this.placed && this.following && !this.#holding) this.#pinDrawn();
    this.#look(false);
  }

  /** As long as the new height is not drawn, the browser scrolls no further than the old one. */
  #pinDrawn(): void {
    this.#pin();
    nextFrame(() => {
      if (this.following && !this.#holding) this.#pin();
    });
  }

  #look(byHand: boolean): void {
    const view = this.#view();
    if (view === undefined || !this.placed) return;
    this.following = !this.#detached && follows(this.following, view, byHand);
    if (this.following) this.seenKey = this.rows.at(-1)?.key;
    if (wantsOlder(view)) this.#wantOlder();
    if (this.#detached && wantsNewer(view)) this.#wantNewer();
  }

  #pin(): void {
    if (this.rows.length > 0) this.#list?.scrollToIndex(this.rows.length - 1, { align: 'end' });
  }

  #view(): Viewport | undefined {
    const list = this.#list;
    if (list === undefined) return undefined;
    return { offset: list.getScrollOffset(), size: list.getScrollSize(), viewport: list.getViewportSize() };
  }
}
