import { Schema, type Model, type Mongoose, Types, type UpdateQuery } from 'mongoose';
import type { RoomType } from '../../shared/wire/rest.ts';
import { duplicateKey } from './duplicate.ts';
import { escapeRegex } from './regex.ts';
import { ONE_BATCH } from './one-batch.ts';

export interface RoomDocument {
  readonly _id: Types.ObjectId;
  readonly type: RoomType;
  readonly name?: string;
  /** Lower-cased name; public channels only, where it is unique. */
  readonly nameKey?: string;
  readonly topic?: string;
  readonly public: boolean;
  /** `a:b`, the sorted ids of a dm's two sides. */
  readonly dmKey?: string;
  readonly createdBy: Types.ObjectId;
  /** `creator:clientId`, so that creating can be repeated. */
  readonly clientKey?: string;
  readonly createdAt: Date;
  /** Grows with every change of the room or its membership. */
  readonly v: number;
  /** Nothing is ever inserted at or below it. */
  readonly firstSeq: number;
  /** A hint, raised lazily: nothing at or below it is undecided. */
  readonly lastSeq: number;
  readonly lastMessage?: unknown;
  /** What the search index holds of the log. */
  readonly indexedSeq?: number;
  /** Since when that is less than lastSeq. */
  readonly unindexed?: Date;
  /** Counted anew with each change of the membership. */
  readonly memberCount: number;
  /** Set first when a room goes; what is left of it is never shown again. */
  readonly deletedAt?: Date;
}
/** A room as the services see one. The hints of its log belong to the log. */
export type StoredRoom = Omit<
  RoomDocument,
  '_id' | 'createdBy' | 'lastMessage' | 'nameKey' | 'clientKey' | 'indexedSeq' | 'unindexed'
> & {
  readonly id: string;
  readonly createdBy: string;
};
export interface NewRoom {
  readonly id: string;
  readonly type: RoomType;
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly public: boolean;
  readonly dmKey?: string | undefined;
  readonly createdBy: string;
  readonly clientId?: string | undefined;
  readonly memberCount: number;
}
export interface RoomSettings {
  readonly name?: string | undefined;
  /** '' removes it. */
  readonly topic?: string | undefined;
  readonly public?: boolean | undefined;
}

const schema = new Schema<RoomDocument>(
  {
    type: { type: String, enum: ['dm', 'group', 'channel'], required: true },
    name: String,
    nameKey: String,
    topic: String,
    public: { type: Boolean, required: true },
    dmKey: String,
    createdBy: { type: Schema.Types.ObjectId, required: true },
    clientKey: String,
    createdAt: { type: Date, required: true },
    v: { type: Number, required: true },
    firstSeq: { type: Number, required: true },
    lastSeq: { type: Number, required: true },
    lastMessage: Schema.Types.Mixed,
    indexedSeq: Number,
    unindexed: Date,
    memberCount: { type: Number, required: true },
    deletedAt: Date,
  },
  { collection: 'rooms', versionKey: false, autoIndex: false, autoCreate: false },
);

const uniqueWherePresent = (name: string, field: string) =>
  ({
    name,
    key: { [field]: 1 },
    unique: true,
    partialFilterExpression: { [field]: { $exists: true } },
  }) as const;
export const ROOM_INDEXES = [
  uniqueWherePresent('dm_key', 'dmKey'),
  uniqueWherePresent('name_key', 'nameKey'),
  uniqueWherePresent('client_key', 'clientKey'),
  { name: 'deleted', key: { deletedAt: 1 }, partialFilterExpression: { deletedAt: { $exists: true } } },
  {
    name: 'unindexed',
    key: { unindexed: 1 },
    partialFilterExpression: { unindexed: { $exists: true } },
  },
] as const;

/** Which unique key another room has already. */
export class RoomTaken extends Error {
  readonly key: 'dm' | 'name' | 'client';
  constructor(key: 'dm' | 'name' | 'client') {
    super(`${key} taken`);
    this.key = key;
  }
}

/** What a reader needs; the snapshot of the last message can be large. */
const FIELDS = { lastMessage: 0 } as const;

/** Queries on rooms. Those being deleted are as good as gone. */
export class RoomStore {
  readonly #model: Model<RoomDocument>;
  readonly #db: Mongoose;

  constructor(db: Mongoose) {
    this.#db = db;
    this.#model = db.model<RoomDocument>('Room', schema);
  }

  /** Throws RoomTaken. */
  async insert(room: NewRoom): Promise<StoredRoom> {
    const document: RoomDocument = {
      _id: new Types.ObjectId(room.id),
      type: room.type,
      ...(room.name === undefined ? {} : { name: room.name }),
      ...(room.name !== undefined && room.public ? { nameKey: nameKey(room.name) } : {}),
      ...(room.topic === undefined || room.topic === '' ? {} : { topic: room.topic }),
      public: room.public,
      ...(room.dmKey === undefined ? {} : { dmKey: room.dmKey }),
      createdBy: new Types.ObjectId(room.createdBy),
      ...(room.clientId === undefined ? {} : { clientKey: `${room.createdBy}:${room.clientId}` }),
      createdAt: new Date(),
      v: 1,
      firstSeq: 0,
      lastSeq: 0,
      memberCount: room.memberCount,
    };
    await unique(() => this.#model.create(document), room.dmKey === undefined ? 'name' : 'dm');
    return toRoom(document);
  }

  async byId(id: string): Promise<StoredRoom | undefined> {
    return this.#one({ _id: new Types.ObjectId(id) });
  }

  async byDmKey(dmKey: string): Promise<StoredRoom | undefined> {
    return this.#one({ dmKey });
  }

  async byClientId(creator: string, clientId: string): Promise<StoredRoom | undefined> {
    return this.#one({ clientKey: `${creator}:${clientId}` });
  }

  /** In no particular order; those that do not exist are missing. */
  async byIds(ids: readonly string[]): Promise<StoredRoom[]> {
    if (ids.length === 0) return [];
    const filter = {
      ...this.#live(),
      _id: this.#db.trusted({ $in: ids.map((id) => new Types.ObjectId(id)) }),
    };
    return (await this.#model.find(filter).select(FIELDS).batchSize(ONE_BATCH).lean<RoomDocument[]>()).map(
      toRoom,
    );
  }

  /** Public channels whose name starts with `prefix`, by name, behind `after`. */
  async searchPublic(prefix: string, after: string, limit: number): Promise<StoredRoom[]> {
    const starts = this.#db.trusted({ $regex: `^${escapeRegex(nameKey(prefix))}`, $gt: after });
    const behind = this.#db.trusted({ $gt: after });
    const filter = { ...this.#live(), nameKey: prefix === '' ? behind : starts };
    const found = await this.#model
      .find(filter)
      .select(FIELDS)
      .sort({ nameKey: 1 })
      .limit(limit)
      .lean<RoomDocument[]>();
    return found.map(toRoom);
  }

  /** The room as changed, with a higher v; undefined where there is none. Throws RoomTaken. */
  async update(room: StoredRoom, settings: RoomSettings): Promise<StoredRoom | undefined> {
    const name = settings.name ?? room.name;
    const isPublic = settings.public ?? room.public;
    const removed = { ...(settings.topic === '' ? { topic: 1 } : {}), ...(isPublic ? {} : { nameKey: 1 }) };
    const update: UpdateQuery<RoomDocument> = {
      $set: {
        ...(settings.name === undefined ? {} : { name: settings.name }),
        ...(settings.topic === undefined || settings.topic === '' ? {} : { topic: settings.topic }),
        public: isPublic,
        ...(isPublic && name !== undefined ? { nameKey: nameKey(name) } : {}),
      },
      $unset: removed,
      $inc: { v: 1 },
    };
    // On the state that was read: two changes at once must not leave a name and its key apart.
    const filter = { ...this.#live(), _id: new Types.ObjectId(room.id), v: room.v };
    return this.#update(filter, update);
  }

  /** Raises v, with the number of members as counted while v was `v`; undefined if v has moved on since. */
  async setMembers(id: string, v: number, memberCount: number): Promise<StoredRoom | undefined> {
    const filter = { ...this.#live(), _id: new Types.ObjectId(id), v };
    return this.#update(filter, { $inc: { v: 1 }, $set: { memberCount } });
  }

  /** The first step of a deletion: nobody finds it any more, its names are free. Undefined where it is gone. */
  async markDeleted(id: string): Promise<StoredRoom | undefined> {
    return this.#update(
      { _id: new Types.ObjectId(id) },
      { $set: { deletedAt: new Date() }, $unset: { dmKey: 1, nameKey: 1, clientKey: 1 }, $inc: { v: 1 } },
    );
  }

  async delete(id: string): Promise<void> {
    await this.#model.deleteOne({ _id: new Types.ObjectId(id) });
  }

  /** Rooms whose deletion began before `before` and has not come to its end. */
  async halfDeleted(before: Date, limit: number): Promise<string[]> {
    const found = await this.#model
      .find({ deletedAt: this.#db.trusted({ $lt: before }) })
      .select({ _id: 1 })
      .limit(limit)
      .lean<Pick<RoomDocument, '_id'>[]>();
    return found.map(({ _id }) => _id.toHexString());
  }

  #live(): { deletedAt: { $exists: boolean } } {
    return { deletedAt: this.#db.trusted({ $exists: false }) };
  }

  async #one(filter: Record<string, unknown>): Promise<StoredRoom | undefined> {
    const found = await this.#model
      .findOne({ ...filter, ...this.#live() })
      .select(FIELDS)
      .lean<RoomDocument>();
    return found === null ? undefined : toRoom(found);
  }

  async #update(
    filter: Record<string, unknown>,
    update: UpdateQuery<RoomDocument>,
  ): Promise<StoredRoom | undefined> {
    const found = await unique(() =>
      this.#model
        .findOneAndUpdate(filter, update, { returnDocument: 'after', projection: FIELDS })
        .lean<RoomDocument>(),
    );
    return found === null ? undefined : toRoom(found);
  }
}

/** A name as it is compared: without regard to case or to how its accents are encoded. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase();

/** `otherwise`: the key meant where the store does not say which index it was. */
async function unique<T>(write: () => Promise<T>, otherwise: RoomTaken['key'] = 'name'): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const index = duplicateKey(error);
    if (index === undefined) throw error;
    if (index.includes('dm_key') || index.includes('dmKey')) throw new RoomTaken('dm');
    if (index.includes('name_key') || index.includes('nameKey')) throw new RoomTaken('name');
    throw new RoomTaken(index.includes('client') ? 'client' : otherwise);
  }
}

function toRoom(document: RoomDocument): StoredRoom {
  const { type, name, topic, dmKey, createdAt, v, firstSeq, lastSeq, memberCount, deletedAt } = document;
  return {
    id: document._id.toHexString(),
    type,
    ...(name === undefined ? {} : { name }),
    ...(topic === undefined ? {} : { topic }),
    public: document.public,
    ...(dmKey === undefined ? {} : { dmKey }),
    createdBy: document.createdBy.toHexString(),
    createdAt,
    v,
    firstSeq,
    lastSeq,
    memberCount,
    ...(deletedAt === undefined ? {} : { deletedAt }),
  };
}
