import { mongo } from 'mongoose';
import { ONE_BATCH } from './one-batch.ts';

/** One person and one thread: whether they follow it, and how far they have read. */
export interface Follow {
  readonly id: string;
  readonly room: string;
  readonly root: number;
  readonly user: string;
  readonly readSeq: number;
  readonly following: boolean;
  /** When the thread was last replied to: a hint, to sort by. */
  readonly lastAt: Date;
}
/** A reason to follow: somebody started, replied or was mentioned. */
export interface NewFollow {
  readonly room: string;
  readonly root: number;
  readonly user: string;
  /** Where the cursor begins. */
  readonly readSeq: number;
  /** Also for who has stopped following. */
  readonly again: boolean;
  readonly at: Date;
}
export interface ThreadRow {
  readonly root: number;
  readonly lastSeq: number;
}
/** Where a page of a user's threads begins. */
export interface FollowPlace {
  readonly at: Date;
  readonly id: string;
}

export const FOLLOW_INDEXES = [
  { name: 'room_root_user', key: { room: 1, root: 1, user: 1 }, unique: true },
  { name: 'user_following_last', key: { user: 1, following: 1, lastAt: -1, _id: -1 } },
  { name: 'room_user', key: { room: 1, user: 1 } },
] as const;
export const THREAD_INDEXES = [
  { name: 'room_root', key: { room: 1, root: 1 }, unique: true },
  { name: 'room_last', key: { room: 1, lastSeq: -1 } },
] as const;

const { ObjectId } = mongo;
const TIMEOUT = 5_000;
const WHOLE = { maxTimeMS: TIMEOUT, batchSize: ONE_BATCH } as const;

/** Who follows which threads, and which threads a room has. Rows end with the membership, the room or the account. */
export class ThreadStore {
  readonly #follows: mongo.Collection;
  readonly #threads: mongo.Collection;

  constructor(collections: { readonly follows: mongo.Collection; readonly threads: mongo.Collection }) {
    this.#follows = collections.follows;
    this.#threads = collections.threads;
  }

  /** A reply stands at `seq`: its thread moves up, in the room and with all who follow it. */
  async touch(room: string, root: number, seq: number, at: Date): Promise<void> {
    const thread = { room: new ObjectId(room), root };
    await this.#threads.updateOne(thread, { $max: { lastSeq: seq } }, { upsert: true });
    await this.#follows.updateMany(thread, { $max: { lastAt: at } });
  }

  /** Makes people follow; gives those who did not before. */
  async follow(rows: readonly NewFollow[]): Promise<NewFollow[]> {
    if (rows.length === 0) return [];
    const { upsertedIds } = await this.#follows.bulkWrite(
      rows.map(({ room, root, user, readSeq, at }) => ({
        updateOne: {
          filter: key(room, root, user),
          update: { $setOnInsert: { readSeq, following: true, lastAt: at } },
          upsert: true,
        },
      })),
      { ordered: false },
    );
    const fresh = new Set(Object.keys(upsertedIds).map(Number));
    const back: NewFollow[] = [];
    for (const row of rows.filter(({ again }, i) => again && !fresh.has(i))) {
      const stopped = { ...key(row.room, row.root, row.user), following: false };
      const update = { $set: { following: true, lastAt: row.at }, $max: { readSeq: row.readSeq } };
      if ((await this.#follows.updateOne(stopped, update)).modifiedCount === 1) back.push(row);
    }
    return [...rows.filter((_, i) => fresh.has(i)), ...back];
  }

  /** By hand. `readSeq`: where a cursor that is not there yet begins. */
  async set(room: string, root: number, user: string, following: boolean, readSeq: number): Promise<Follow> {
    const row = await this.#follows.findOneAndUpdate(
      key(room, root, user),
      { $set: { following }, $max: { readSeq, lastAt: new Date() } },
      { upsert: true, returnDocument: 'after' },
    );
    return toFollow(row ?? { ...key(room, root, user), readSeq, following, lastAt: new Date() });
  }

  /** Moves a cursor up; undefined where there is none. */
  async read(room: string, root: number, user: string, seq: number): Promise<Follow | undefined> {
    const update = { $max: { readSeq: seq } };
    const row = await this.#follows.findOneAndUpdate(key(room, root, user), update, {
      returnDocument: 'after',
    });
    return row === null ? undefined : toFollow(row);
  }

  /** What the user is to these threads of a room; those they have nothing to do with are missing. */
  async of(user: string, room: string, roots: readonly number[]): Promise<ReadonlyMap<number, Follow>> {
    const filter = { room: new ObjectId(room), root: { $in: roots }, user: new ObjectId(user) };
    const rows = await this.#follows.find(filter, WHOLE).toArray();
    return new Map(rows.map(toFollow).map((follow) => [follow.root, follow]));
  }

  /** What the user follows in these rooms, the one replied to last first. */
  async followed(
    user: string,
    rooms: readonly string[],
    before: FollowPlace | undefined,
    limit: number,
  ): Promise<Follow[]> {
    const filter = {
      user: new ObjectId(user),
      following: true,
      room: { $in: rooms.map((room) => new ObjectId(room)) },
      ...(before === undefined
        ? {}
        : {
            $or: [
              { lastAt: { $lt: before.at } },
              { lastAt: before.at, _id: { $lt: new ObjectId(before.id) } },
            ],
          }),
    };
    const sort = { lastAt: -1, _id: -1 } as const;
    return (await this.#follows.find(filter, { sort, limit, ...WHOLE }).toArray()).map(toFollow);
  }

  /** A room's threads, the one replied to last first. */
  async ofRoom(room: string, before: number | undefined, limit: number): Promise<ThreadRow[]> {
    const below = before === undefined ? {} : { lastSeq: { $lt: before } };
    const sort = { lastSeq: -1 } as const;
    const rows = await this.#threads
      .find({ room: new ObjectId(room), ...below }, { sort, limit, ...WHOLE })
      .toArray();
    return rows.map((row) => ({ root: Number(row['root']), lastSeq: Number(row['lastSeq']) }));
  }

  /** Who is out of a room follows nothing in it. */
  async leave(room: string, users: readonly string[]): Promise<void> {
    const among = { $in: users.map((user) => new ObjectId(user)) };
    await this.#follows.deleteMany({ room: new ObjectId(room), user: among });
  }

  async deleteUser(user: string): Promise<void> {
    await this.#follows.deleteMany({ user: new ObjectId(user) });
  }

  async deleteRoom(room: string): Promise<void> {
    await this.#follows.deleteMany({ room: new ObjectId(room) });
    await this.#threads.deleteMany({ room: new ObjectId(room) });
  }
}

const key = (room: string, root: number, user: string) => ({
  room: new ObjectId(room),
  root,
  user: new ObjectId(user),
});

function toFollow(row: mongo.Document): Follow {
  return {
    id: String(row['_id'] ?? ''),
    room: String(row['room']),
    root: Number(row['root']),
    user: String(row['user']),
    readSeq: Number(row['readSeq']),
    following: row['following'] === true,
    lastAt: row['lastAt'] as Date,
  };
}
