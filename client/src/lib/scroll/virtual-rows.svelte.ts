import { tick } from 'svelte';
import type { Row } from '../chat/rows.ts';
import { indexOfKey } from './keyed.ts';
import { RowHeights } from './row-heights.ts';
import type { InView, Mark, Part, RowSheet } from './row-sheet.ts';
import { nextSpan, NO_ROWS, rowAt, spanAround, SPARE_MARGIN, type Span } from './span.ts';

/** px that the space above may be off before it is put right by scrolling: else it would not tell how much there is above. */
const LENIENCE = 200;
/** px that a message may be off before it is put back: less than a screen shows. */
const SLACK = 0.05;

/**
 * Draws the part of a long list that is seen, and holds the words of one message where they are on the screen, whatever
 * happens to the list: rows that come, go and grow above and below, a viewport that changes. What stands above the drawn
 * rows is guessed; a guess that turns out wrong is mended there, not by scrolling, which would take the list from a moving
 * finger.
 */
export class VirtualRows {
  all: readonly Row[] = $state.raw([]);
  #span: Span = $state.raw(NO_ROWS);
  readonly drawn: readonly Row[] = $derived(this.all.slice(this.#span.start, this.#span.end));

  #sheet: RowSheet | undefined;
  /** The message that stays where it is; undefined: the end does. */
  #held: Mark | undefined;
  /** It is held because somebody asked for it or has a hand on it, not because it is the first that is seen. */
  #chosen = false;
  readonly #heights = new RowHeights();
  #placing = false;
  /** Rows were drawn while the list was not on the screen. */
  #unplaced = false;
  readonly #heightAt = (index: number): number => this.#heights.of(this.all[index]);

  attach(sheet: RowSheet | undefined): void {
    this.#sheet = sheet;
    if (this.all.length > 0) this.#to(this.#span);
  }

  /** The first message that is seen; when the list is taken apart, what was held last. */
  get standing(): Mark | undefined {
    return this.#seen() ?? this.#held;
  }

  /** Undefined while nothing has its place. */
  get inView(): InView | undefined {
    if (this.#sheet?.isShown !== true || this.#unplaced) return undefined;
    const { start } = this.#span;
    const seen = this.#sheet.inView(this.drawn.map(({ key }) => key));
    return seen === undefined ? undefined : { first: start + seen.first, last: start + seen.last };
  }

  measured(key: string, height: number): void {
    this.#heights.note(key, height);
  }

  /** Another list in place of this one. What is held stays, or what stands in its place. */
  replace(next: readonly Row[]): void {
    // It was moved, and the browser has not told yet.
    if (this.#held !== undefined && this.#sheet?.wasMoved === true) this.holdSeen();
    const held = this.#held;
    const before = this.all;
    this.all = next;
    this.#heights.prune(next);
    if (held === undefined || next.length === 0) return this.#drawEnd();
    const at = before.findIndex(({ key }) => key === held.key);
    const index = indexOfKey(next, held.key, at);
    if (index !== -1) return this.#draw(index, held, index - at);
    const there = Math.min(Math.max(at, 0), next.length - 1);
    this.#draw(there, { ...held, key: next[there]?.key ?? '' });
  }

  /** Shows a row with its top, or its words', `top` px below the list's top; it is held there. */
  bring(index: number, top: number, part: Part): void {
    const row = this.all[index];
    if (row === undefined) return;
    this.#chosen = true;
    this.#draw(index, { key: row.key, part, top });
  }

  /** Shows the end, and stays there. */
  bringEnd(): void {
    this.#held = undefined;
    this.#drawEnd();
  }

  /** Holds a row's top, where it is now. */
  hold(key: string, part: Part): void {
    const top = this.#sheet?.topOf({ key, part });
    if (top === undefined) return;
    this.#chosen = true;
    this.#held = { key, part, top };
  }

  /** Holds what is seen now. */
  holdSeen(): void {
    this.#chosen = false;
    this.#held = this.#seen() ?? this.#held;
  }

  #seen(): Mark | undefined {
    if (this.#sheet?.isShown !== true) return undefined;
    return this.#sheet.firstSeen(this.drawn.map(({ key }) => key));
  }

  /** Puts everything where it was: call when rows were measured, or the viewport was. */
  settle(): void {
    const sheet = this.#sheet;
    if (sheet === undefined || this.#span === NO_ROWS) return;
    // Before anything is asked of the page: each answer costs a layout of what was written until then.
    if (this.#unplaced) this.#measureOut(sheet);
    if (!sheet.isShown) return;
    this.#unplaced = false;
    if (this.#held === undefined) sheet.offset = sheet.scroller.scrollHeight;
    else this.#putBack(sheet, this.#held);
    this.#held = this.#nextHeld(sheet);
  }

  /** What is held once everything has its place: words, since what stands above them may go as older messages come. */
  #nextHeld(sheet: RowSheet): Mark | undefined {
    const held = this.#held;
    if (held === undefined) return undefined;
    // What stands above may have become so small that there is another first now.
    const seen = this.#chosen ? undefined : this.#seen();
    if (seen !== undefined && seen.key !== held.key) return seen;
    const top = held.part === 'row' ? sheet.topOf({ key: held.key, part: 'words' }) : undefined;
    return top === undefined ? held : { key: held.key, part: 'words', top };
  }

  /**
   * The reader moved the list: what is seen now is held, and more is drawn where little is left. Gives whether it is, which
   * is told once it is measured.
   */
  moved(following: boolean): boolean {
    const sheet = this.#sheet;
    if (sheet === undefined || this.all.length === 0 || !sheet.isShown) return false;
    const { top, bottom } = sheet.edges;
    const viewport = sheet.scroller.clientHeight;
    const { wasMoved } = sheet;
    sheet.noteOffset();
    if (bottom <= 0 || top >= viewport) {
      this.#drawThere(sheet, following);
      return true;
    }
    if (following) this.#held = undefined;
    else if (wasMoved || this.#held === undefined) this.holdSeen();
    return this.cover();
  }

  /** Draws more where little is left above or below what is seen; gives whether it does. */
  cover(): boolean {
    const sheet = this.#sheet;
    if (sheet === undefined || !sheet.isShown) return false;
    const { start, end } = this.#span;
    const { top, bottom } = sheet.edges;
    const lacksAbove = start > 0 && top > -SPARE_MARGIN;
    const lacksBelow = end < this.all.length && bottom < sheet.scroller.clientHeight + SPARE_MARGIN;
    if (!lacksAbove && !lacksBelow) return false;
    const index = this.#held === undefined ? -1 : this.#indexOf(this.#held.key);
    if (this.#held === undefined) this.#drawEnd();
    else if (index !== -1) this.#draw(index, this.#held);
    return this.#span.start < start || this.#span.end > end;
  }

  /** Nothing of what is seen is drawn: the bar was dragged far. */
  #drawThere({ above, offset }: RowSheet, following: boolean): void {
    if (following) return this.bringEnd();
    const { start } = this.#span;
    const { index, top } = rowAt(this.#heightAt, this.all.length, start, offset - above);
    this.bring(index, top, 'row');
    this.#chosen = false;
  }

  #indexOf(key: string): number {
    const { start, end } = this.#span;
    const among = this.all.slice(start, end).findIndex((row) => row.key === key);
    return among === -1 ? this.all.findIndex((row) => row.key === key) : start + among;
  }

  #drawEnd(): void {
    const viewport = this.#sheet?.scroller.clientHeight ?? 0;
    const index = Math.max(0, this.all.length - 1);
    this.#to(spanAround(this.#heightAt, this.all.length, { index, top: viewport, viewport }));
  }

  /** `moved`: how many rows further down those that are drawn stand in the list now. */
  #draw(index: number, mark: Mark, moved = 0): void {
    this.#held = mark;
    const viewport = this.#sheet?.scroller.clientHeight ?? 0;
    const drawn = { start: this.#span.start + moved, end: this.#span.end + moved };
    this.#to(nextSpan(this.#heightAt, this.all.length, { index, top: mark.top, viewport }, drawn));
  }

  #to(span: Span): void {
    const { start, end } = this.#span;
    if (span.start !== start || span.end !== end) this.#span = span;
    this.#unplaced = true;
    if (this.#placing) return;
    this.#placing = true;
    // Drawn and put in its place before anybody sees it.
    void tick().then(() => {
      this.#placing = false;
      this.settle();
    });
  }

  /** The space above and below, as far as it is known. */
  #measureOut(sheet: RowSheet): void {
    const { start, end } = this.#span;
    sheet.above = this.#heights.sum(this.all, 0, start);
    sheet.below = this.#heights.sum(this.all, end, this.all.length);
  }

  #putBack(sheet: RowSheet, held: Mark): void {
    const drift = this.#driftOf(sheet, held);
    if (drift === undefined || Math.abs(drift) < SLACK) return;
    const spare = this.#span.start > 0 ? sheet.above : 0;
    if (spare > drift && Math.abs(drift) < LENIENCE) {
      sheet.above = spare - drift;
      return;
    }
    sheet.offset += drift;
    const rest = this.#driftOf(sheet, held) ?? 0;
    // There is no more to scroll: it stays where it came to.
    if (Math.abs(rest) >= 1) this.#held = { ...held, top: held.top + rest };
    // Browsers scroll by whole pixels.
    else if (spare > rest) sheet.above = spare - rest;
  }

  #driftOf(sheet: RowSheet, held: Mark): number | undefined {
    const top = sheet.topOf(held);
    return top === undefined ? undefined : top - held.top;
  }
}
