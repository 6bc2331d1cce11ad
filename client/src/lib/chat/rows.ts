/** Turns a timeline into rows ready to draw: grouped by author, separated by day, with the unread line in place. */
import type { TimelineItem } from '../../../../shared/sdk/types.ts';
import type { Dates } from './dates.ts';

/** Messages of one author closer than this (ms) stand under one name. */
export const GROUP_WINDOW = 5 * 60_000;

export interface Row {
  readonly key: string;
  readonly item: TimelineItem;
  /** ms since the epoch, as the message says; shown, never sorted by. */
  readonly at: number;
  /** The local day it falls on. */
  readonly day: number;
  /** First of its author's group: shows avatar and name. */
  readonly head: boolean;
  /** Last of its group: closes the space below. */
  readonly tail: boolean;
  /** A new local day begins with this row. */
  readonly newDay: boolean;
  /** The unread line stands above this row. */
  readonly unread: boolean;
  /** The first message there is: the conversation's beginning is told above it. */
  readonly start: boolean;
}

export interface RowOptions {
  /** The unread line stands above the first message of others with a higher seq; undefined: no line. */
  readonly unreadAfter: number | undefined;
  /** The first item is the first message of the room. */
  readonly atStart: boolean;
  readonly me: string;
  /** Whose words are hidden: they are no news. */
  readonly silenced?: ReadonlySet<string>;
}

/** How a row stands among the others. */
type Standing = Pick<Row, 'head' | 'tail' | 'newDay' | 'unread' | 'start'>;
/** What was built last, and of what. */
interface Built {
  readonly rows: readonly Row[];
  readonly items: readonly TimelineItem[];
  readonly options: RowOptions;
}

/** Rows kept of those that are gone, and as many again as there are. */
const SPARE = 100;

/**
 * Builds rows and gives the same object for a row that did not change, so that only what changed is drawn again. It goes
 * through thousands of them within a frame, so it makes nothing anew that is there.
 */
export class RowBuilder {
  readonly #dates: Dates;
  /** Rows by key; also some that are gone. */
  readonly #known = new Map<string, Row>();
  #last: Built | undefined;

  constructor(dates: Dates) {
    this.#dates = dates;
  }

  build(items: readonly TimelineItem[], options: RowOptions): readonly Row[] {
    const last = this.#last;
    // What else is told of a timeline, as that more is being loaded, changes no rows.
    if (last?.items === items && isSameWish(last.options, options)) return last.rows;
    const rows = this.#build(items, options);
    if (this.#known.size > 2 * rows.length + SPARE) this.#forget(rows);
    this.#last = { rows, items, options };
    return rows;
  }

  #build(items: readonly TimelineItem[], options: RowOptions): readonly Row[] {
    const lineAt = unreadIndex(items, options.unreadAfter, options);
    const times = items.map((item) => this.#timeOf(item));
    let gap = breakBefore(items, times, 0, lineAt);
    return items.map((item, index) => {
      const after = breakBefore(items, times, index + 1, lineAt);
      const [head, tail, newDay] = [gap !== 'none', after !== 'none', gap === 'day'];
      gap = after;
      const start = index === 0 && options.atStart;
      return this.#rowOf(item, times[index], { head, tail, newDay, unread: index === lineAt, start });
    });
  }

  /** Reading a date and finding its day costs microseconds, which thousands of rows a frame would feel. */
  #timeOf(item: TimelineItem): Time {
    const last = this.#known.get(item.key);
    if (last !== undefined && last.item.message.at === item.message.at) return last;
    const at = Date.parse(item.message.at);
    return { at, day: this.#dates.dayKey(at) };
  }

  #rowOf(item: TimelineItem, time: Time | undefined, standing: Standing): Row {
    const last = this.#known.get(item.key);
    if (last?.item === item && standsSame(last, standing)) return last;
    const row = { key: item.key, item, at: time?.at ?? 0, day: time?.day ?? 0, ...standing };
    this.#known.set(row.key, row);
    return row;
  }

  #forget(rows: readonly Row[]): void {
    this.#known.clear();
    for (const row of rows) this.#known.set(row.key, row);
  }
}

function isSameWish(a: RowOptions, b: RowOptions): boolean {
  return (
    a.unreadAfter === b.unreadAfter && a.atStart === b.atStart && a.me === b.me && a.silenced === b.silenced
  );
}

interface Time {
  readonly at: number;
  readonly day: number;
}

/** What separates the item at `index` from the one before it. */
function breakBefore(
  items: readonly TimelineItem[],
  times: readonly Time[],
  index: number,
  lineAt: number,
): 'none' | 'group' | 'day' {
  const item = items[index];
  const before = items[index - 1];
  const time = times[index];
  const earlier = times[index - 1];
  if (item === undefined || before === undefined || time === undefined || earlier === undefined) return 'day';
  if (time.day !== earlier.day) return 'day';
  if (index === lineAt) return 'group';
  return isSameGroup(before, item, time.at - earlier.at) ? 'none' : 'group';
}

function isSameGroup(before: TimelineItem, item: TimelineItem, elapsed: number): boolean {
  if (before.message.kind !== 'text' || item.message.kind !== 'text') return false;
  return before.message.sender.id === item.message.sender.id && Math.abs(elapsed) < GROUP_WINDOW;
}

function standsSame(a: Standing, b: Standing): boolean {
  return (
    a.head === b.head &&
    a.tail === b.tail &&
    a.newDay === b.newDay &&
    a.unread === b.unread &&
    a.start === b.start
  );
}

/** To whom something is news. */
type Reader = Pick<RowOptions, 'me' | 'silenced'>;

/** Index of the first message of others behind `readSeq`; -1 without one. */
export function unreadIndex(
  items: readonly TimelineItem[],
  readSeq: number | undefined,
  reader: Reader,
): number {
  if (readSeq === undefined) return -1;
  return items.findIndex((item) => (seqOf(item) ?? 0) > readSeq && isNews(item, reader));
}

function isNews({ message }: TimelineItem, { me, silenced }: Reader): boolean {
  const { id } = message.sender;
  return message.kind === 'text' && id !== me && silenced?.has(id) !== true;
}

/** The item's number in the room's log; undefined while it waits in the outbox. */
export function seqOf(item: TimelineItem): number | undefined {
  return 'seq' in item.message ? item.message.seq : undefined;
}

/** How many messages of others stand behind the item with `key`; 0 when it is not there. */
export function countNewAfter(
  items: readonly TimelineItem[],
  key: string | undefined,
  reader: Reader,
): number {
  if (key === undefined) return 0;
  let count = 0;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item === undefined || item.key === key) return count;
    if (isNews(item, reader)) count += 1;
  }
  return 0;
}
