import { mongo } from 'mongoose';
import type { DraftText, StoredDraft } from './drafts.ts';
import { duplicateKey } from './duplicate.ts';

/** Whose, and where it was begun. */
export interface ThreadDraftKey {
  readonly user: string;
  readonly room: string;
  /** The root's seq. */
  readonly thread: number;
}

export const THREAD_DRAFT_INDEXES = [
  { name: 'user_room_thread', key: { user: 1, room: 1, thread: 1 }, unique: true },
  { name: 'user_at', key: { user: 1, at: -1 } },
  { name: 'room', key: { room: 1 } },
] as const;

const { ObjectId } = mongo;

/**
 * What people began to write in threads, in a collection of its own: a node that knows drafts of rooms only takes none of
 * them for a room's. There are more threads than rooms, so that a user's oldest rows go. A row begins with the time as its
 * `v`: it stands above that of one that was there before.
 */
export class ThreadDraftStore {
  readonly #drafts: mongo.Collection;

  constructor(drafts: mongo.Collection) {
    this.#drafts = drafts;
  }

  /** The last writer wins; gives the draft with its new `v`. Of the user's rows, `most` stay. */
  async set(key: ThreadDraftKey, draft: DraftText, most: number): Promise<StoredDraft> {
    const known = await this.#change(key, draft);
    if (known !== undefined) return known;
    const { text, replyTo } = draft;
    const at = new Date();
    const row = {
      ...{ ...rowOf(key), text, v: at.getTime(), at },
      ...(replyTo === undefined ? {} : { replyTo }),
    };
    try {
      await this.#drafts.insertOne(row);
    } catch (error) {
      if (duplicateKey(error) === undefined) throw error;
      // Begun on two devices at once.
      return (await this.#change(key, draft)) ?? toDraft(row);
    }
    await this.#forgetOldest(key.user, most);
    return toDraft(row);
  }

  /** Those with a text, latest first. */
  async ofUser(user: string, limit: number): Promise<StoredDraft[]> {
    const filter = { user: new ObjectId(user), text: { $ne: '' } };
    const rows = await this.#drafts.find(filter, { sort: { at: -1 }, limit }).toArray();
    return rows.map(toDraft);
  }

  async deleteRoom(room: string): Promise<void> {
    await this.#drafts.deleteMany({ room: new ObjectId(room) });
  }

  async deleteUser(user: string): Promise<void> {
    await this.#drafts.deleteMany({ user: new ObjectId(user) });
  }

  async #change(key: ThreadDraftKey, { text, replyTo }: DraftText): Promise<StoredDraft | undefined> {
    const set = { text, at: new Date(), ...(replyTo === undefined ? {} : { replyTo }) };
    const row = await this.#drafts.findOneAndUpdate(
      rowOf(key),
      { $set: set, ...(replyTo === undefined ? { $unset: { replyTo: '' } } : {}), $inc: { v: 1 } },
      { returnDocument: 'after' },
    );
    return row === null ? undefined : toDraft(row);
  }

  async #forgetOldest(user: string, most: number): Promise<void> {
    const mine = { user: new ObjectId(user) };
    const [first] = await this.#drafts.find(mine, { sort: { at: -1 }, skip: most, limit: 1 }).toArray();
    if (first !== undefined) await this.#drafts.deleteMany({ ...mine, at: { $lte: first['at'] as Date } });
  }
}

const rowOf = ({ user, room, thread }: ThreadDraftKey) => ({
  user: new ObjectId(user),
  room: new ObjectId(room),
  thread,
});

function toDraft(row: mongo.Document): StoredDraft {
  const replyTo: unknown = row['replyTo'];
  return {
    room: String(row['room']),
    thread: Number(row['thread']),
    text: String(row['text']),
    ...(typeof replyTo === 'number' ? { replyTo } : {}),
    v: Number(row['v']),
    at: row['at'] as Date,
  };
}
