import { mongo } from 'mongoose';
import { toEntry } from './log-rows.ts';
import type { LogEntry } from './log.ts';

const READ_TIMEOUT = 10_000;

/** Reads of the log for people who look into one message: by id, and what was done to it since. */
export class TraceStore {
  readonly #log: mongo.Collection;

  constructor(log: mongo.Collection) {
    this.#log = log;
  }

  /** `id`: 24 hex digits. */
  async byId(id: string): Promise<LogEntry | undefined> {
    const row = await this.#log.findOne({ _id: new mongo.ObjectId(id) }, { maxTimeMS: READ_TIMEOUT });
    return row === null ? undefined : toEntry(row);
  }

  async at(room: string, seq: number): Promise<LogEntry | undefined> {
    const filter = { room: new mongo.ObjectId(room), seq };
    const row = await this.#log.findOne(filter, { maxTimeMS: READ_TIMEOUT });
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
