/**
 * The search index: one row per text message, written behind the log. It holds words, never texts; what a message says
 * is read from the log.
 */
import type { Feature } from '../../shared/wire/search.ts';

export interface SearchRow {
  /** The message's. */
  readonly id: string;
  readonly room: string;
  readonly seq: number;
  /** The state of the message these words are from; the higher one stays. */
  readonly rev: number;
  readonly sender: string;
  readonly at: Date;
  /** And marks, which no word looks like: who sent it, what it has, whom it names. None for a deleted message: its row stays, so that an older state cannot come back. */
  readonly words: readonly string[];
  readonly has: readonly Feature[];
}
/** Where a row stands in the order of results. */
export interface Place {
  readonly at: Date;
  readonly id: string;
}
export interface Hit extends Place {
  readonly room: string;
  readonly seq: number;
}
export interface SearchFilter {
  readonly rooms: readonly string[];
  /** Every one of them, the first of which should be rare. With `any` and `beginning`, at least one term is asked for. */
  readonly all: readonly string[];
  /** One of them at least. */
  readonly any?: readonly string[] | undefined;
  /** One at least that begins so: letters and digits. */
  readonly beginning?: string | undefined;
  /** None of them. */
  readonly none: readonly string[];
  readonly sender?: string | undefined;
  /** Sent at or after. */
  readonly after?: Date | undefined;
  /** Sent before. */
  readonly before?: Date | undefined;
  readonly has: readonly Feature[];
  /** Only what stands behind this place. */
  readonly behind?: Place | undefined;
}

export interface SearchStore {
  /** Makes rows, or replaces those with a lower rev. Safe to repeat, in any order. */
  put(rows: readonly SearchRow[]): Promise<void>;
  /** Newest first, the first `limit`. Rejects `overloaded` when it takes longer than `ms`. */
  find(filter: SearchFilter, limit: number, ms: number): Promise<readonly Hit[]>;
  /** Rows with this term, counted up to `most`. Rejects as `find` does. */
  count(rooms: readonly string[], term: string, most: number, ms: number): Promise<number>;
  deleteRoom(room: string): Promise<void>;
}

/** A room whose log has numbers above what is indexed: those in (after, to]. */
export interface WaitingRoom {
  readonly room: string;
  readonly after: number;
  readonly to: number;
  readonly since: Date;
}

/**
 * Which rooms the index is behind in. The mark is set by the very write that raises a room's hint, and taken away once
 * the index has come up to the hint: a node's death loses neither.
 */
export interface SearchMarks {
  /** Longest waiting first, the first `limit`. */
  waiting(limit: number): Promise<readonly WaitingRoom[]>;
  /**
   * The index holds each room up to `to`. Never lowers that; takes the mark away unless the hint has moved on, else sets
   * it to `now`. Gives the rooms among them that are no more.
   */
  advance(reached: ReadonlyMap<string, number>, now: Date): Promise<readonly string[]>;
  /** Marks rooms that have no mark and are behind all the same (older versions set none), up to `limit`; gives how many. Looks at every room. */
  enrol(limit: number, now: Date): Promise<number>;
}

/**
 * By room first, so that nobody's search reads what others wrote; then newest first without sorting, where the engine
 * can do that.
 */
export const SEARCH_INDEXES = [{ name: 'room_words_at', key: { room: 1, words: 1, at: -1 } }] as const;
