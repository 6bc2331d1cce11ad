import { Schema, type Model, type Mongoose, Types } from 'mongoose';
import type { Notify, Role } from '../../shared/wire/rest.ts';
import { duplicateKey } from './duplicate.ts';
import { ONE_BATCH } from './one-batch.ts';

export interface MemberDocument {
  readonly _id: Types.ObjectId;
  readonly room: Types.ObjectId;
  readonly user: Types.ObjectId;
  readonly role: Role;
  readonly readSeq: number;
  readonly gotSeq: number;
  /** The head when they came. */
  readonly joinedSeq: number;
  readonly notify: Notify;
  readonly favourite: boolean;
  readonly archivedSeq?: number;
  readonly mutedUntil?: Date;
  readonly rewinds?: number;
  /** The other side began this dm, and they have not opened it. */
  readonly unopened?: true;
}
export interface MemberPrefs {
  readonly notify?: Notify | undefined;
  readonly favourite?: boolean | undefined;
  /** 0: not archived. */
  readonly archivedSeq?: number | undefined;
  /** null: not any more. */
  readonly mutedUntil?: Date | null | undefined;
}
/** A membership as the services see one; `id` grows with the time of joining. */
export type StoredMember = Omit<MemberDocument, '_id' | 'room' | 'user'> & {
  readonly id: string;
  readonly room: string;
  readonly user: string;
};
export interface NewMember {
  readonly room: string;
  readonly user: string;
  readonly role: Role;
  readonly head: number;
  readonly unopened?: true | undefined;
}

const schema = new Schema<MemberDocument>(
  {
    room: { type: Schema.Types.ObjectId, required: true },
    user: { type: Schema.Types.ObjectId, required: true },
    role: { type: String, enum: ['owner', 'admin', 'member'], required: true },
    readSeq: { type: Number, required: true },
    gotSeq: { type: Number, required: true },
    joinedSeq: { type: Number, required: true },
    notify: { type: String, enum: ['all', 'mentions', 'none'], required: true },
    favourite: { type: Boolean, required: true },
    archivedSeq: Number,
    mutedUntil: Date,
    rewinds: Number,
    unopened: Boolean,
  },
  { collection: 'members', versionKey: false, autoIndex: false, autoCreate: false },
);

export const MEMBER_INDEXES = [
  { name: 'room_user', key: { room: 1, user: 1 }, unique: true },
  { name: 'user', key: { user: 1 } },
] as const;

/** Queries on memberships. */
export class MemberStore {
  readonly #model: Model<MemberDocument>;
  readonly #db: Mongoose;

  constructor(db: Mongoose) {
    this.#db = db;
    this.#model = db.model<MemberDocument>('Member', schema);
  }

  /** Adds those who are not in yet; gives the ids of the users it added. */
  async insert(members: readonly NewMember[]): Promise<string[]> {
    if (members.length === 0) return [];
    const documents = members.map(toDocument);
    try {
      await this.#model.collection.insertMany(documents, { ordered: false });
      return members.map(({ user }) => user);
    } catch (error) {
      if (duplicateKey(error) === undefined) throw error;
      const failed = writeErrors(error);
      if (failed.some(({ code }) => code !== 11000)) throw error;
      const taken = new Set(failed.map(({ index }) => index));
      return members.filter((_, i) => !taken.has(i)).map(({ user }) => user);
    }
  }

  async get(room: string, user: string): Promise<StoredMember | undefined> {
    const found = await this.#model.findOne(pair(room, user)).lean<MemberDocument>();
    return found === null ? undefined : toMember(found);
  }

  /** In order of joining, behind the membership `after` ('' for the first). */
  async ofRoom(room: string, after: string, limit: number): Promise<StoredMember[]> {
    const behind = after === '' ? {} : { _id: this.#db.trusted({ $gt: new Types.ObjectId(after) }) };
    const filter = { room: new Types.ObjectId(room), ...behind };
    return (await this.#model.find(filter).sort({ _id: 1 }).limit(limit).lean<MemberDocument[]>()).map(
      toMember,
    );
  }

  async ofUser(user: string): Promise<StoredMember[]> {
    return (
      await this.#model
        .find({ user: new Types.ObjectId(user) })
        .batchSize(ONE_BATCH)
        .lean<MemberDocument[]>()
    ).map(toMember);
  }

  async ofUsers(users: readonly string[]): Promise<StoredMember[]> {
    const filter = { user: this.#db.trusted({ $in: users.map((user) => new Types.ObjectId(user)) }) };
    return (await this.#model.find(filter).batchSize(ONE_BATCH).lean<MemberDocument[]>()).map(toMember);
  }

  /** The rooms among `rooms` that the user is in. */
  async joined(user: string, rooms: readonly string[]): Promise<Set<string>> {
    const among = this.#db.trusted({ $in: rooms.map((room) => new Types.ObjectId(room)) });
    const found = await this.#model
      .find({ user: new Types.ObjectId(user), room: among })
      .batchSize(ONE_BATCH)
      .lean<MemberDocument[]>();
    return new Set(found.map(({ room }) => room.toHexString()));
  }

  /** Every member's user id, one chunk after the other. */
  async *usersOf(room: string, chunk: number): AsyncGenerator<string[]> {
    for (let after = ''; ;) {
      const members = await this.ofRoom(room, after, chunk);
      const last = members.at(-1);
      if (last === undefined) return;
      yield members.map(({ user }) => user);
      after = last.id;
    }
  }

  async count(room: string): Promise<number> {
    return this.#model.countDocuments({ room: new Types.ObjectId(room) });
  }

  async countOfUser(user: string): Promise<number> {
    return this.#model.countDocuments({ user: new Types.ObjectId(user) });
  }

  /** False where they are not a member (any more). */
  async setRole(room: string, user: string, role: Role): Promise<boolean> {
    return (await this.#model.updateOne(pair(room, user), { $set: { role } })).matchedCount === 1;
  }

  async setPrefs(room: string, user: string, { mutedUntil, ...prefs }: MemberPrefs): Promise<boolean> {
    const given = Object.fromEntries(Object.entries(prefs).filter(([, value]) => value !== undefined));
    const update = {
      $set: { ...given, ...(mutedUntil instanceof Date ? { mutedUntil } : {}) },
      ...(mutedUntil === null ? { $unset: { mutedUntil: 1 } } : {}),
    };
    return (await this.#model.updateOne(pair(room, user), update)).matchedCount === 1;
  }

  /** They opened the dm that the other side began. */
  async open(room: string, user: string): Promise<void> {
    await this.#model.updateOne(pair(room, user), { $unset: { unopened: 1 } });
  }

  /** Moves the read cursor back; gives how often that happened. Undefined for who is no member. */
  async rewind(room: string, user: string, readSeq: number): Promise<number | undefined> {
    const update = { $set: { readSeq }, $inc: { rewinds: 1 } };
    const found = await this.#model
      .findOneAndUpdate(pair(room, user), update, { returnDocument: 'after' })
      .lean<MemberDocument>();
    return found?.rewinds;
  }

  async delete(room: string, user: string): Promise<boolean> {
    return (await this.#model.deleteOne(pair(room, user))).deletedCount === 1;
  }

  async deleteRoom(room: string): Promise<void> {
    await this.#model.deleteMany({ room: new Types.ObjectId(room) });
  }

  /** How many owners there are besides `user`. */
  async otherOwners(room: string, user: string): Promise<number> {
    const others = this.#db.trusted({ $ne: new Types.ObjectId(user) });
    return this.#model.countDocuments({ room: new Types.ObjectId(room), role: 'owner', user: others });
  }

  /** Who has been in longest among the admins, else among the members; not `user`. */
  async heir(room: string, user: string): Promise<StoredMember | undefined> {
    for (const role of ['admin', 'member'] as const) {
      const others = this.#db.trusted({ $ne: new Types.ObjectId(user) });
      const filter = { room: new Types.ObjectId(room), role, user: others };
      const found = await this.#model.findOne(filter).sort({ _id: 1 }).lean<MemberDocument>();
      if (found !== null) return toMember(found);
    }
    return undefined;
  }
}

const pair = (room: string, user: string) => ({
  room: new Types.ObjectId(room),
  user: new Types.ObjectId(user),
});

function toDocument({ room, user, role, head, unopened }: NewMember): MemberDocument {
  const cursors = { readSeq: head, gotSeq: head, joinedSeq: head };
  return {
    _id: new Types.ObjectId(),
    ...pair(room, user),
    role,
    ...cursors,
    notify: 'all',
    favourite: false,
    ...(unopened === true ? { unopened } : {}),
  };
}

function toMember({ _id, room, user, ...rest }: MemberDocument): StoredMember {
  return { ...rest, id: _id.toHexString(), room: room.toHexString(), user: user.toHexString() };
}

function writeErrors(error: unknown): readonly { readonly code: number; readonly index: number }[] {
  if (!(error instanceof Error) || !('writeErrors' in error)) return [];
  const list: unknown = error.writeErrors;
  return (Array.isArray(list) ? list : [list]) as { code: number; index: number }[];
}
