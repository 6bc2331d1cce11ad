import { mongo } from 'mongoose';
import { ONE_BATCH } from './one-batch.ts';
import type { SearchMarks, WaitingRoom } from './search.ts';

const { ObjectId } = mongo;
const TIMEOUT = 5_000;
const LIVE = { deletedAt: { $exists: false } };

/** Marks in the rooms' documents: `indexedSeq`, and `unindexed` (since when) while that is below `lastSeq`. */
export class MongoSearchMarks implements SearchMarks {
  readonly #rooms: mongo.Collection;

  constructor(rooms: mongo.Collection) {
    this.#rooms = rooms;
  }

  async waiting(limit: number): Promise<readonly WaitingRoom[]> {
    const found = await this.#rooms
      .find(
        { unindexed: { $exists: true }, ...LIVE },
        {
          projection: { firstSeq: 1, lastSeq: 1, indexedSeq: 1, unindexed: 1 },
          sort: { unindexed: 1 },
          limit,
          batchSize: ONE_BATCH,
          maxTimeMS: TIMEOUT,
        },
      )
      .toArray();
    return found.map((row) => ({
      room: row._id.toHexString(),
      after: Math.max(Number(row['indexedSeq'] ?? 0), Number(row['firstSeq'] ?? 0)),
      to: Number(row['lastSeq'] ?? 0),
      since: row['unindexed'] as Date,
    }));
  }

  async advance(reached: ReadonlyMap<string, number>, now: Date): Promise<readonly string[]> {
    if (reached.size === 0) return [];
    const updates = [...reached].map(([room, to]) => ({
      updateOne: { filter: { _id: new ObjectId(room), ...LIVE }, update: [toAdvance(to, now)] },
    }));
    const { matchedCount } = await this.#rooms.bulkWrite(updates, { ordered: false });
    return matchedCount === reached.size ? [] : this.#gone([...reached.keys()]);
  }

  async enrol(limit: number, now: Date): Promise<number> {
    const isBehind = { $gt: ['$lastSeq', { $ifNull: ['$indexedSeq', 0] }] };
    const unmarked = { unindexed: { $exists: false }, lastSeq: { $gt: 0 }, $expr: isBehind };
    const found = await this.#rooms
      .find({ ...unmarked, ...LIVE }, { projection: { _id: 1 }, limit, maxTimeMS: TIMEOUT })
      .toArray();
    if (found.length === 0) return 0;
    const ids = { $in: found.map(({ _id }) => _id) };
    await this.#rooms.updateMany({ _id: ids, ...LIVE }, { $min: { unindexed: now } });
    return found.length;
  }

  async #gone(rooms: readonly string[]): Promise<readonly string[]> {
    const ids = { $in: rooms.map((room) => new ObjectId(room)) };
    const options = { projection: { _id: 1 }, batchSize: ONE_BATCH, maxTimeMS: TIMEOUT };
    const live = new Set(
      (await this.#rooms.find({ _id: ids, ...LIVE }, options).toArray()).map(({ _id }) => _id.toHexString()),
    );
    return rooms.filter((room) => !live.has(room));
  }
}

/** One update decides by the hint as it stands at that moment, so that no raise of it is overlooked. */
function toAdvance(to: number, now: Date): mongo.Document {
  return {
    $set: {
      indexedSeq: { $max: ['$indexedSeq', to] },
      unindexed: { $cond: [{ $gt: ['$lastSeq', to] }, now, '$$REMOVE'] },
    },
  };
}
