import { Schema, type Model, type Mongoose, Types } from 'mongoose';

interface ScheduledDocument {
  readonly _id: Types.ObjectId;
  readonly user: Types.ObjectId;
  readonly room: Types.ObjectId;
  readonly clientId: string;
  readonly text: string;
  readonly replyTo?: number;
  /** The root's seq. */
  readonly thread?: number;
  /** When it is to be sent. */
  readonly at: Date;
  /** When the sender may look at it: `at`, later where it was tried in vain or is being sent. Absent once it failed. */
  readonly due?: Date;
  readonly claimed?: boolean;
  readonly failed?: string;
}
export interface StoredScheduled {
  readonly id: string;
  readonly user: string;
  readonly room: string;
  readonly clientId: string;
  readonly text: string;
  readonly replyTo?: number;
  /** The root's seq. */
  readonly thread?: number;
  readonly at: Date;
  readonly due?: Date;
  /** A node is sending it; `due` is when another may take it. */
  readonly claimed?: boolean;
  /** Why it was given up, in words. */
  readonly failed?: string;
}
export type NewScheduled = Omit<StoredScheduled, 'id' | 'due' | 'claimed' | 'failed'>;

const schema = new Schema<ScheduledDocument>(
  {
    user: { type: Schema.Types.ObjectId, required: true },
    room: { type: Schema.Types.ObjectId, required: true },
    clientId: { type: String, required: true },
    text: { type: String, required: true },
    replyTo: { type: Number },
    thread: { type: Number },
    at: { type: Date, required: true },
    due: { type: Date },
    claimed: { type: Boolean },
    failed: { type: String },
  },
  { collection: 'scheduled', versionKey: false, autoIndex: false, autoCreate: false },
);

export const SCHEDULED_INDEXES = [
  { name: 'user_at', key: { user: 1, at: 1 } },
  { name: 'user_room_client', key: { user: 1, room: 1, clientId: 1 }, unique: true },
  { name: 'due', key: { due: 1 } },
  { name: 'room', key: { room: 1 } },
] as const;

/** Messages that wait for their time. */
export class ScheduledStore {
  readonly #model: Model<ScheduledDocument>;
  readonly #db: Mongoose;

  constructor(db: Mongoose) {
    this.#db = db;
    this.#model = db.model<ScheduledDocument>('Scheduled', schema);
  }

  /** Gives the row; one with the same user, room and clientId that is there already wins. */
  async insert({ user, room, clientId, at, ...rest }: NewScheduled): Promise<StoredScheduled> {
    const key = { user: new Types.ObjectId(user), room: new Types.ObjectId(room), clientId };
    const found = await this.#model
      .findOneAndUpdate(
        key,
        { $setOnInsert: { ...rest, at, due: at } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<ScheduledDocument>();
    return toScheduled(found);
  }

  async get(id: string, user: string): Promise<StoredScheduled | undefined> {
    const found = await this.#model.findOne(own(id, user)).lean<ScheduledDocument>();
    return found === null ? undefined : toScheduled(found);
  }

  /** Soonest first. */
  async ofUser(user: string, limit: number): Promise<StoredScheduled[]> {
    const found = await this.#model
      .find({ user: new Types.ObjectId(user) })
      .sort({ at: 1 })
      .limit(limit)
      .lean<ScheduledDocument[]>();
    return found.map(toScheduled);
  }

  /** Soonest first, those whose time has come. */
  async due(now: Date, limit: number): Promise<StoredScheduled[]> {
    const found = await this.#model
      .find({ due: this.#db.trusted({ $lte: now }) })
      .sort({ due: 1 })
      .limit(limit)
      .lean<ScheduledDocument[]>();
    return found.map(toScheduled);
  }

  /** Changes it while it stands as `from`; undefined where it does not any more: it is being sent, or was changed. */
  async change(
    from: StoredScheduled,
    to: { readonly text?: string; readonly at?: Date; readonly due: Date; readonly claimed: boolean },
  ): Promise<StoredScheduled | undefined> {
    const found = await this.#model
      .findOneAndUpdate(this.#as(from), { $set: to, $unset: { failed: '' } }, { returnDocument: 'after' })
      .lean<ScheduledDocument>();
    return found === null ? undefined : toScheduled(found);
  }

  /** Gives it up; it stays to be seen. */
  async fail(from: StoredScheduled, reason: string): Promise<void> {
    await this.#model.updateOne(this.#as(from), {
      $set: { failed: reason, claimed: false },
      $unset: { due: '' },
    });
  }

  /** False where it does not stand as `from` any more. */
  async delete(from: StoredScheduled): Promise<boolean> {
    return (await this.#model.deleteOne(this.#as(from))).deletedCount === 1;
  }

  async deleteRoom(room: string): Promise<void> {
    await this.#model.deleteMany({ room: new Types.ObjectId(room) });
  }

  async deleteUser(user: string): Promise<void> {
    await this.#model.deleteMany({ user: new Types.ObjectId(user) });
  }

  #as({ id, user, due }: StoredScheduled) {
    return { ...own(id, user), due: due ?? this.#db.trusted({ $exists: false }) };
  }
}

const own = (id: string, user: string) => ({ _id: new Types.ObjectId(id), user: new Types.ObjectId(user) });

function toScheduled({ _id, user, room, ...rest }: ScheduledDocument): StoredScheduled {
  return { id: _id.toHexString(), user: user.toHexString(), room: room.toHexString(), ...rest };
}
