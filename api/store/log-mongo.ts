import { mongo } from 'mongoose';
import {
  isMessage,
  type Following,
  type InsertOutcome,
  type LogEntry,
  type LogPlace,
  type LogStore,
  type RoomHint,
  type Tally,
} from './log.ts';
import { tally } from './tally.ts';
import type { Unhurried } from './unhurried.ts';
import { logKey, stretch, wholeLog } from './log-key.ts';
import { toEntry, toHint, toRow, type LogRow } from './log-rows.ts';
import { judge, toForgetting, toUpdates } from './log-writes.ts';
import { ONE_BATCH } from './one-batch.ts';

const { ObjectId } = mongo;

const MESSAGES = { $in: ['text', 'notice'] };
const IN_ORDER = { _id: 1 } as const;
/** ms an insert may take before its outcome counts as unknown: below the 3 s after which others may void its number. */
const INSERT_TIMEOUT = 2_500;
const READ_TIMEOUT = 5_000;
const WHOLE = { maxTimeMS: READ_TIMEOUT, batchSize: ONE_BATCH } as const;
/** ms for the whole log of a room to go. */
const DELETE_TIMEOUT = 60_000;
/** The log in MongoDB: raw collection calls, because casting by mongoose costs more than the insert. */
export class MongoLogStore implements LogStore {
  readonly #log: mongo.Collection<LogRow>;
  readonly #rooms: mongo.Collection;

  constructor(collections: { readonly log: mongo.Collection<LogRow>; readonly rooms: mongo.Collection }) {
    this.#log = collections.log;
    this.#rooms = collections.rooms;
  }

  async insert(entries: readonly LogEntry[]): Promise<readonly InsertOutcome[]> {
    const outcomes = new Array<InsertOutcome>(entries.length).fill('stored');
    try {
      await this.#log.insertMany(entries.map(toRow), {
        ordered: false,
        writeConcern: { w: 'majority', journal: true },
        maxTimeMS: INSERT_TIMEOUT,
      });
    } catch (error) {
      judge(error, outcomes);
    }
    return outcomes;
  }

  async at(room: string, seqs: readonly number[]): Promise<readonly LogEntry[]> {
    return this.#find({ _id: { $in: seqs.map((seq) => logKey(room, seq)) } }, IN_ORDER, seqs.length);
  }

  async bySender(room: string, sender: string, clientId: string): Promise<LogEntry | undefined> {
    const filter = { room: new ObjectId(room), sender: new ObjectId(sender), clientId };
    return (await this.#find(filter, {}, 1))[0];
  }

  async among(places: readonly LogPlace[]): Promise<readonly LogEntry[]> {
    if (places.length === 0) return [];
    return this.#find({ _id: { $in: places.map(({ room, seq }) => logKey(room, seq)) } }, {}, places.length);
  }

  async range(room: string, from: number, to: number, limit: number): Promise<readonly LogEntry[]> {
    return this.#find(stretch(room, from, to), IN_ORDER, limit);
  }

  async messages(
    room: string,
    from: number,
    to: number,
    order: 1 | -1,
    limit: number,
  ): Promise<readonly LogEntry[]> {
    return this.#find({ ...stretch(room, from, to), kind: MESSAGES }, { _id: order }, limit);
  }

  async pinned(room: string, limit: number): Promise<readonly LogEntry[]> {
    const filter = { room: new ObjectId(room), pinnedAt: { $exists: true } };
    return this.#find(filter, { pinnedAt: -1 }, limit);
  }

  async edits(room: string, of: number, limit: number): Promise<readonly LogEntry[]> {
    const filter = { room: new ObjectId(room), of, prev: { $exists: true }, 'action.type': 'edit' };
    return (await this.#find(filter, { prev: -1 }, limit)).toReversed();
  }

  async thread(room: string, root: number, to: number, limit: number): Promise<readonly LogEntry[]> {
    if (to < root) return [];
    const replies = { ...inThread(room, root), seq: { $lte: to }, kind: MESSAGES };
    const found = (await this.#find(replies, { seq: -1 }, limit)).toReversed();
    if (found.length >= limit) return found;
    return [...(await this.at(room, [root])).filter(isMessage), ...found];
  }

  async tallies(room: string, roots: readonly number[], head: number): Promise<ReadonlyMap<number, Tally>> {
    if (roots.length === 0) return new Map();
    const match = {
      room: new ObjectId(room),
      thread: { $exists: true, $in: roots },
      seq: { $lte: head },
      kind: 'text',
      $or: [{ deletedAt: { $exists: false } }, { rev: { $gt: head } }],
    };
    const by = { thread: '$thread', sender: '$sender' };
    const group = { _id: by, replies: { $sum: 1 }, seq: { $max: '$seq' }, at: { $max: '$at' } };
    const rows = await this.#log.aggregate([{ $match: match }, { $group: group }], WHOLE).toArray();
    return tally(
      rows.map(({ _id, replies, seq, at }) => ({
        root: Number(_id.thread),
        sender: String(_id.sender),
        replies: Number(replies),
        seq: Number(seq),
        at: at as Date,
      })),
    );
  }

  async countReplies(
    room: string,
    root: number,
    user: string,
    readSeq: number,
    cap: number,
    without: readonly string[] = [],
  ): Promise<number> {
    const filter = {
      ...inThread(room, root),
      seq: { $gt: readSeq },
      kind: 'text',
      sender: notOf([user, ...without]),
      deletedAt: { $exists: false },
    };
    return this.#log.countDocuments(filter, { limit: cap, maxTimeMS: READ_TIMEOUT });
  }

  async seqsAbove(room: string, seq: number, limit: number): Promise<readonly number[]> {
    const rows = await this.#log
      .find(stretch(room, seq + 1, Infinity), {
        projection: { _id: 0, seq: 1 },
        sort: IN_ORDER,
        limit,
        ...WHOLE,
      })
      .toArray();
    return rows.map((row) => Number(row['seq']));
  }

  async highest(room: string): Promise<number> {
    const [top] = await this.#log
      .find(wholeLog(room), {
        projection: { _id: 0, seq: 1 },
        sort: { _id: -1 },
        limit: 1,
        maxTimeMS: READ_TIMEOUT,
      })
      .toArray();
    const hint = await this.#rooms.findOne(
      { _id: new ObjectId(room) },
      { projection: { firstSeq: 1 }, maxTimeMS: READ_TIMEOUT },
    );
    return Math.max(Number(top?.['seq'] ?? 0), Number(hint?.['firstSeq'] ?? 0));
  }

  async hints(rooms: readonly string[]): Promise<ReadonlyMap<string, RoomHint>> {
    const filter = { _id: { $in: rooms.map((room) => new ObjectId(room)) } };
    const rows = await this.#rooms
      .find(filter, { projection: { firstSeq: 1, lastSeq: 1, lastMessage: 1 }, ...WHOLE })
      .toArray();
    return new Map(rows.map((row) => [row._id.toHexString(), toHint(row)]));
  }

  async raiseHints(hints: ReadonlyMap<string, RoomHint>): Promise<void> {
    if (hints.size === 0) return;
    const now = new Date();
    const updates = [...hints].map(([room, hint]) => ({
      updateOne: {
        filter: { _id: new ObjectId(room), lastSeq: { $lt: hint.lastSeq } },
        update: {
          $set: {
            lastSeq: hint.lastSeq,
            ...(hint.lastMessage === undefined ? {} : { lastMessage: toRow(hint.lastMessage) }),
          },
          // The search index is behind since then; in this very write, so that no death comes between.
          $min: { unindexed: now },
        },
      },
    }));
    await this.#rooms.bulkWrite(updates, { ordered: false });
  }

  async pending(rooms: readonly string[], limit: number): Promise<readonly LogEntry[]> {
    const room = { $in: rooms.map((id) => new ObjectId(id)) };
    return this.#find({ room, pending: { $exists: true } }, { seq: 1 }, limit);
  }

  async follow(followings: readonly Following[]): Promise<void> {
    if (followings.length === 0) return;
    const forgotten = followings.flatMap(({ change }) => (change.action?.type === 'delete' ? [change] : []));
    // First: the marks, which come last, bring back whoever dies in between.
    if (forgotten.length > 0) await this.#rooms.bulkWrite(forgotten.map(toForgetting), { ordered: false });
    const options = { ordered: true, writeConcern: { w: 'majority', journal: true } } as const;
    await this.#log.bulkWrite(followings.flatMap(toUpdates), options);
  }

  async countUnread(
    room: string,
    user: string,
    readSeq: number,
    head: number,
    cap: number,
    mentionsOnly: boolean,
    without: readonly string[] = [],
  ): Promise<number> {
    if (head <= readSeq) return 0;
    const filter = {
      ...stretch(room, readSeq + 1, head),
      kind: 'text',
      sender: notOf([user, ...without]),
      thread: { $exists: false },
      deletedAt: { $exists: false },
      ...(mentionsOnly ? { mentions: { $in: [user, 'room'] } } : {}),
    };
    return this.#log.countDocuments(filter, { limit: cap, maxTimeMS: READ_TIMEOUT });
  }

  async deleteRoom(room: string): Promise<void> {
    const unhurried: mongo.DeleteOptions & Unhurried = { socketTimeoutMS: DELETE_TIMEOUT };
    await this.#log.deleteMany(wholeLog(room), unhurried);
  }

  async #find(
    filter: mongo.Filter<LogRow>,
    sort: Readonly<Record<string, 1 | -1>>,
    limit: number,
  ): Promise<LogEntry[]> {
    const rows = await this.#log.find(filter, { sort, limit, ...WHOLE, readConcern: 'majority' }).toArray();
    return rows.map(toEntry);
  }
}

/** What the partial index on threads answers. */
const notOf = (users: readonly string[]) => ({ $nin: users.map((id) => new ObjectId(id)) });
const inThread = (room: string, root: number) => ({
  room: new ObjectId(room),
  thread: { $exists: true, $eq: root },
});
