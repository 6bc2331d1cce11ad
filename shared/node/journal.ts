import type { Logger } from './logger.ts';
import { NumberSet } from './number-set.ts';

/** `msg` of the journal's lines. */
export const JOURNAL = 'numbers';
/** Rooms listed in one second; of the others only a count is logged. */
const MAX_ROOMS = 200;
/** Rooms in one line: some 6 kB, and container logs cut lines at 16. */
const ROOMS_PER_LINE = 50;
/** Different things done in one room in one second: there are a handful, and one for each gateway that sends. */
const MAX_MARKS = 64;

/**
 * What a process did with numbers of a room's log.
 * API nodes: `stored` a message, a notice or a change, `voided` a number; got the message over `rest` or the socket of a
 * gateway; `published` it at once, `missed` (Redis did not take it; it is remembered), `late` (published it afterwards).
 * Gateways: forwarded it `live`; `repaired` (found by its position to be missing, fetched and forwarded); `replayed` it to
 * sockets that came back; told such sockets of a `gap`, which they fill from the API.
 */
export type Mark =
  | 'stored'
  | 'voided'
  | 'rest'
  | `socket ${string}`
  | 'published'
  | 'missed'
  | 'late'
  | 'live'
  | 'repaired'
  | 'replayed'
  | 'gap';

/** One thing done in one room in one second. */
export interface Note {
  readonly numbers: NumberSet;
  /** Local sockets that it reached. */
  sockets?: number;
}

/** What was done in one room in one second, as logged. */
export interface RoomEntry {
  /** Mark → its numbers, as a NumberSet writes them. */
  readonly did: Readonly<Record<string, string>>;
  readonly sockets?: Readonly<Record<string, number>>;
}
/** A line as logged; a second in which many rooms were busy has several. */
export interface JournalLine {
  readonly second: string;
  readonly rooms: Readonly<Record<string, RoomEntry>>;
}
/** The line about what found no place: how many notes of further rooms. */
export interface UnlistedLine {
  readonly second: string;
  readonly unlisted: number;
}

/**
 * Sums up what this process did with which numbers, and logs it once a second, by room: so that a message's way can be
 * told afterwards without a line for each message. A note costs two lookups. A killed process loses its last second.
 */
export class Journal {
  readonly #logger: Logger;
  readonly #now: () => number;
  #rooms = new Map<string, Map<Mark, Note>>();
  #unlisted = 0;
  #second = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `now`: ms since the epoch. */
  constructor(logger: Logger, now: () => number = Date.now) {
    this.#logger = logger;
    this.#now = now;
  }

  /** Takes down numbers from `from` to `to`; gives the second's note, undefined where it found no place. */
  note(room: string, mark: Mark, from: number, to: number = from): Note | undefined {
    if (this.#timer === undefined) this.#open();
    const note = this.#find(room, mark);
    if (note === undefined) this.#unlisted++;
    else note.numbers.add(from, to);
    return note;
  }

  /** Logs what is taken down so far. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rooms = this.#rooms;
    const unlisted = this.#unlisted;
    this.#rooms = new Map();
    this.#unlisted = 0;
    const second = new Date(this.#second).toISOString();
    const entries = [...rooms].map(([room, notes]) => [room, entryOf(notes)] as const);
    for (let i = 0; i < entries.length; i += ROOMS_PER_LINE) {
      const some = Object.fromEntries(entries.slice(i, i + ROOMS_PER_LINE));
      this.#logger.info({ second, rooms: some } satisfies JournalLine, JOURNAL);
    }
    if (unlisted > 0) this.#logger.info({ second, unlisted } satisfies UnlistedLine, JOURNAL);
  }

  /** Begins a second that ends with the clock's, so that the lines of all processes fit together. */
  #open(): void {
    const now = this.#now();
    this.#second = now - (now % 1_000);
    this.#timer = setTimeout(() => this.flush(), 1_000 - (now % 1_000)).unref();
  }

  #find(room: string, mark: Mark): Note | undefined {
    let notes = this.#rooms.get(room);
    if (notes === undefined) {
      if (this.#rooms.size >= MAX_ROOMS) return undefined;
      notes = new Map();
      this.#rooms.set(room, notes);
    }
    let note = notes.get(mark);
    if (note === undefined) {
      if (notes.size >= MAX_MARKS) return undefined;
      note = { numbers: new NumberSet() };
      notes.set(mark, note);
    }
    return note;
  }
}

function entryOf(notes: ReadonlyMap<Mark, Note>): RoomEntry {
  const did = Object.fromEntries([...notes].map(([mark, { numbers }]) => [mark, numbers.toString()]));
  const counted = [...notes].flatMap(([mark, { sockets }]) =>
    sockets === undefined ? [] : [[mark, sockets]],
  );
  return { did, ...(counted.length === 0 ? {} : { sockets: Object.fromEntries(counted) }) };
}
