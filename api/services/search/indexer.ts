import type { Logger } from '../../../shared/node/logger.ts';
import type { SearchMarks, SearchRow, SearchStore, WaitingRoom } from '../../store/search.ts';
import type { LogReader } from '../log/reader.ts';
import { realTime, type Time } from '../log/time.ts';
import type { Lease } from './lease.ts';
import { Rate, restAfter } from './pacing.ts';
import { toRow } from './rows.ts';
import { inTurns } from './turns.ts';

/** ms between two looks for rooms that wait, give or take a quarter, so that nodes do not look in step. */
const INTERVAL = 1_000;
/** Rooms looked at in one go. */
const MAX_ROOMS = 200;
/** Log entries of one batch over all its rooms. */
const MAX_ENTRIES = 500;
/** Words of one insert: long messages go in several. */
const MAX_WORDS = 10_000;
/** Rooms without a mark taken up at once, while nothing else waits: those with something new must not stand behind them. */
const ENROLLED = 5;
/** ms between two looks for such rooms: nodes of an older version may still be writing. */
const ENROL_INTERVAL = 600_000;
const FIRST_BACKOFF = 1_000;
const LONGEST_BACKOFF = 30_000;

export interface IndexerDeps {
  readonly reader: Pick<LogReader, 'stretches'>;
  readonly store: Pick<SearchStore, 'put' | 'deleteRoom'>;
  readonly marks: SearchMarks;
  readonly lease: Lease;
  readonly logger: Logger;
  /** How many entries this node has stored so far. */
  readonly stored: () => number;
  readonly time?: Time;
}
/** How far the search index is behind, as this node saw it last; nothing waits for one that does not hold the lease. */
export interface IndexerState {
  /** Rooms that wait, up to 200. */
  readonly waiting: number;
  /** ms the longest has waited. */
  readonly lag: number;
  /** Messages this node has indexed. */
  readonly indexed: number;
}

/**
 * Fills the search index behind the log, a second or two later, so that no send waits for it. One batch at a time, with
 * rests between; whatever a death leaves undone, the marks bring back.
 */
export class Indexer {
  readonly #deps: IndexerDeps;
  readonly #time: Time;
  readonly #rate: Rate;
  #waiting: readonly WaitingRoom[] = [];
  #indexed = 0;
  #failures = 0;
  #enrolAt = -Infinity;
  #closed = false;
  #cancel: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(deps: IndexerDeps) {
    this.#deps = deps;
    this.#time = deps.time ?? realTime;
    this.#rate = new Rate(deps.stored, this.#time.now());
  }

  get state(): IndexerState {
    const since = this.#waiting[0]?.since.getTime();
    const lag = since === undefined ? 0 : Math.max(0, Date.now() - since);
    return { waiting: this.#waiting.length, lag, indexed: this.#indexed };
  }

  start(): void {
    this.#arm(this.#pause());
  }

  /** Ends the batch under way and gives the lease back; what waits, another node takes. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running;
    await this.#deps.lease.release();
  }

  /** One batch; gives the ms to rest before the next. Never rejects. */
  async step(): Promise<number> {
    const begun = this.#time.now();
    try {
      const worked = (await this.#deps.lease.hold()) ? await this.#work() : this.#idle();
      this.#failures = 0;
      if (!worked) return this.#pause();
      const now = this.#time.now();
      return restAfter(now - begun, this.#rate.look(now));
    } catch (error) {
      this.#failures += 1;
      const backoff = Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** Math.min(this.#failures - 1, 5));
      this.#deps.logger.warn({ err: error, backoff }, 'the search index could not be written');
      return backoff * (0.75 + this.#time.random() / 2);
    }
  }

  #arm(ms: number): void {
    if (this.#closed) return;
    this.#cancel = this.#time.after(ms, () => {
      this.#running = this.step().then((rest) => this.#arm(rest));
    });
  }

  #pause(): number {
    return INTERVAL * (0.75 + this.#time.random() / 2);
  }

  #idle(): boolean {
    this.#waiting = [];
    return false;
  }

  /** True where there was something to do. */
  async #work(): Promise<boolean> {
    const { marks } = this.#deps;
    this.#waiting = await marks.waiting(MAX_ROOMS);
    if (this.#waiting.length > 0) {
      await this.#index(batchOf(this.#waiting));
      return true;
    }
    const now = this.#time.now();
    if (now < this.#enrolAt) return false;
    const enrolled = await marks.enrol(ENROLLED, new Date());
    if (enrolled === 0) this.#enrolAt = now + ENROL_INTERVAL;
    return enrolled > 0;
  }

  async #index(rooms: readonly WaitingRoom[]): Promise<void> {
    const { reader, store, marks } = this.#deps;
    const begun = new Date();
    const stretches = await reader.stretches(rooms);
    const messages = stretches.flatMap((stretch) => stretch.messages);
    const rows = await inTurns(messages, toRow);
    for (const part of partsOf(rows)) await store.put(part);
    const reached = new Map(stretches.map(({ room, to }) => [room, to]));
    const gone = await marks.advance(reached, begun);
    // Deleted in the meantime: this batch may have come after its rows were.
    for (const room of gone) await store.deleteRoom(room);
    this.#indexed += rows.length;
  }
}

/** Rows as they are written at once. */
function partsOf(rows: readonly SearchRow[]): SearchRow[][] {
  const parts: SearchRow[][] = [];
  let words = Infinity;
  for (const row of rows) {
    words += row.words.length;
    if (words <= MAX_WORDS) {
      parts.at(-1)?.push(row);
      continue;
    }
    parts.push([row]);
    words = row.words.length;
  }
  return parts;
}

/** The first rooms that make a batch together, the last one perhaps in part. */
export function batchOf(waiting: readonly WaitingRoom[]): readonly WaitingRoom[] {
  const batch: WaitingRoom[] = [];
  let left = MAX_ENTRIES;
  for (const room of waiting) {
    if (left <= 0) break;
    const to = Math.max(room.after, Math.min(room.to, room.after + left));
    batch.push({ ...room, to });
    left -= to - room.after;
  }
  return batch;
}
