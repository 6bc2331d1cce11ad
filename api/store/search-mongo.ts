import { mongo } from 'mongoose';
import { ParleyError } from '../../shared/node/errors.ts';
import { isDuplicate, writeErrorsOf } from './bulk-errors.ts';
import { ONE_BATCH } from './one-batch.ts';
import type { Hit, SearchFilter, SearchRow, SearchStore } from './search.ts';
import type { Unhurried } from './unhurried.ts';

const { ObjectId } = mongo;
const EXCEEDED_TIME_LIMIT = 50;
/** ms for all rows of a room to go. */
const DELETE_TIMEOUT = 60_000;

/** The index in MongoDB: an ordinary index over an array of words, which every engine has and serves alike. */
export class MongoSearchStore implements SearchStore {
  readonly #search: mongo.Collection;

  constructor(search: mongo.Collection) {
    this.#search = search;
  }

  async put(rows: readonly SearchRow[]): Promise<void> {
    if (rows.length === 0) return;
    // Nearly all are new, and inserts cost the store a fraction of upserts.
    const known = await this.#insert(rows);
    if (known.length === 0) return;
    const updates = known.map((row) => {
      const { _id, ...replacement } = toDocument(row);
      return { replaceOne: { filter: { _id, rev: { $lt: row.rev } }, replacement } };
    });
    await this.#search.bulkWrite(updates, { ordered: false });
  }

  async find(filter: SearchFilter, limit: number, ms: number): Promise<readonly Hit[]> {
    const options = {
      projection: { room: 1, seq: 1, at: 1 },
      sort: { at: -1, _id: -1 },
      limit,
      maxTimeMS: ms,
      batchSize: ONE_BATCH,
    } as const;
    const found = await inTime(() => this.#search.find(toQuery(filter), options).toArray());
    return found.map((row) => ({
      id: String(row._id),
      room: String(row['room']),
      seq: Number(row['seq']),
      at: row['at'] as Date,
    }));
  }

  count(rooms: readonly string[], term: string, most: number, ms: number): Promise<number> {
    const query = toQuery({ rooms, all: [term], none: [], has: [] });
    return inTime(() => this.#search.countDocuments(query, { limit: most, maxTimeMS: ms }));
  }

  async deleteRoom(room: string): Promise<void> {
    const unhurried: mongo.DeleteOptions & Unhurried = { socketTimeoutMS: DELETE_TIMEOUT };
    await this.#search.deleteMany({ room: new ObjectId(room) }, unhurried);
  }

  /** Gives the rows whose messages have one already. */
  async #insert(rows: readonly SearchRow[]): Promise<readonly SearchRow[]> {
    try {
      await this.#search.insertMany(rows.map(toDocument), { ordered: false });
      return [];
    } catch (error) {
      if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
      const failures = writeErrorsOf(error);
      const isWhole = error.insertedCount + failures.length === rows.length;
      if (!isWhole || !failures.every(isDuplicate)) throw error;
      return failures.flatMap(({ index }) => rows[index] ?? []);
    }
  }
}

async function inTime<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || error.code !== EXCEEDED_TIME_LIMIT) throw error;
    const message = 'The search took too long. More words, or a room, make it quicker.';
    throw new ParleyError('overloaded', message, { cause: error, retryAfterMs: 5_000 });
  }
}

function toDocument({ id, room, sender, has, ...rest }: SearchRow): mongo.Document {
  const ids = { _id: new ObjectId(id), room: new ObjectId(room), sender: new ObjectId(sender) };
  return { ...ids, ...rest, ...(has.length === 0 ? {} : { has }) };
}

function toQuery(filter: SearchFilter): mongo.Filter<mongo.Document> {
  const [first, ...others] = filter.all;
  const { rooms, any, beginning, none, sender, after, before, has, behind } = filter;
  const at = {
    ...(after === undefined ? {} : { $gte: after }),
    ...(before === undefined ? {} : { $lt: before }),
    // For the sake of the index; the exact place is below.
    ...(behind === undefined ? {} : { $lte: behind.at }),
  };
  return {
    room: { $in: rooms.map((room) => new ObjectId(room)) },
    words: {
      ...(first === undefined ? {} : { $eq: first }),
      ...(any === undefined ? {} : { $in: any }),
      ...(beginning === undefined ? {} : { $regex: `^${beginning}` }),
      ...(none.length === 0 ? {} : { $nin: none }),
    },
    // Said twice over, so that the index goes by the first alone: some engines read it for each, however common.
    ...(others.length === 0 ? {} : { $nor: others.map((term) => ({ words: { $nin: [term] } })) }),
    ...(sender === undefined ? {} : { sender: new ObjectId(sender) }),
    ...(has.length === 0 ? {} : { has: { $all: has } }),
    ...(Object.keys(at).length === 0 ? {} : { at }),
    ...(behind === undefined
      ? {}
      : {
          $or: [{ at: { $lt: behind.at } }, { at: behind.at, _id: { $lt: new ObjectId(behind.id) } }],
        }),
  };
}
