import { mongo } from 'mongoose';
import { logKey } from './log-key.ts';
import { toEntry, type LogRow } from './log-rows.ts';
import type { LogEntry } from './log.ts';
import type { Unhurried } from './unhurried.ts';

const READ_TIMEOUT = 10_000;
/** A look through the whole log takes as long as it takes. */
const UNHURRIED: mongo.FindOptions & Unhurried = { socketTimeoutMS: 0 };

/** Reads of the log for people who look into one message: by id, and what was done to it since. */
export class TraceStore {
  readonly #log: mongo.Collection<LogRow>;
  readonly #search: mongo.Collection;

  constructor({
    log,
    search,
  }: {
    readonly log: mongo.Collection<LogRow>;
    readonly search: mongo.Collection;
  }) {
    this.#log = log;
    this.#search = search;
  }

  /** `id`: 24 hex digits. The search index knows where texts stand; for all else the whole log is looked through. */
  async byId(id: string): Promise<LogEntry | undefined> {
    const _id = new mongo.ObjectId(id);
    const place = await this.#search.findOne({ _id }, { maxTimeMS: READ_TIMEOUT });
    if (place !== null) {
      const entry = await this.at(String(place['room']), Number(place['seq']));
      if (entry?.id === id) return entry;
    }
    const row = await this.#log.findOne({ id: _id }, UNHURRIED);
    return row === null ? undefined : toEntry(row);
  }

  async at(room: string, seq: number): Promise<LogEntry | undefined> {
    const row = await this.#log.findOne({ _id: logKey(room, seq) }, { maxTimeMS: READ_TIMEOUT });
    return row === null ? undefined : toEntry(row);
  }

  /** The changes of the message `of`, ascending, the first `limit`. */
  async changesOf(room: string, of: number, limit: number): Promise<readonly LogEntry[]> {
    // `prev` is in the filter for the sake of the partial index.
    const filter = { room: new mongo.ObjectId(room), of, prev: { $exists: true, $gte: 0 } };
    const options = { sort: { prev: 1 }, limit, maxTimeMS: READ_TIMEOUT } as const;
    return (await this.#log.find(filter, options).toArray()).map(toEntry);
  }
}
