import { Schema, type Model, type Mongoose, Types } from 'mongoose';

interface DraftDocument {
  readonly _id: Types.ObjectId;
  readonly user: Types.ObjectId;
  readonly room: Types.ObjectId;
  readonly text: string;
  readonly replyTo?: number;
  readonly v: number;
  readonly at: Date;
}
export interface StoredDraft {
  readonly room: string;
  /** The root's seq; absent: in the room itself. */
  readonly thread?: number;
  /** Empty: there was one. The row stays, so that `v` never moves back. */
  readonly text: string;
  readonly replyTo?: number;
  /** Grows with each change. */
  readonly v: number;
  readonly at: Date;
}
export type DraftText = Pick<StoredDraft, 'text' | 'replyTo'>;

const schema = new Schema<DraftDocument>(
  {
    user: { type: Schema.Types.ObjectId, required: true },
    room: { type: Schema.Types.ObjectId, required: true },
    text: { type: String },
    replyTo: { type: Number },
    v: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'drafts', versionKey: false, autoIndex: false, autoCreate: false },
);

export const DRAFT_INDEXES = [
  { name: 'user_room', key: { user: 1, room: 1 }, unique: true },
  { name: 'room', key: { room: 1 } },
] as const;

/** What people began to write outside threads, one row for each room they ever wrote in. */
export class DraftStore {
  readonly #model: Model<DraftDocument>;
  readonly #db: Mongoose;

  constructor(db: Mongoose) {
    this.#db = db;
    this.#model = db.model<DraftDocument>('Draft', schema);
  }

  /** The last writer wins; gives the draft with its new `v`. */
  async set(user: string, room: string, { text, replyTo }: DraftText): Promise<StoredDraft> {
    const filter = { user: new Types.ObjectId(user), room: new Types.ObjectId(room) };
    const found = await this.#model
      .findOneAndUpdate(
        filter,
        {
          $set: { text, at: new Date(), ...(replyTo === undefined ? {} : { replyTo }) },
          ...(replyTo === undefined ? { $unset: { replyTo: '' } } : {}),
          $inc: { v: 1 },
        },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<DraftDocument>();
    return toDraft(found);
  }

  /** Those with a text, latest first. */
  async ofUser(user: string, limit: number): Promise<StoredDraft[]> {
    const found = await this.#model
      .find({ user: new Types.ObjectId(user), text: this.#db.trusted({ $ne: '' }) })
      .sort({ at: -1 })
      .limit(limit)
      .lean<DraftDocument[]>();
    return found.map(toDraft);
  }

  async deleteRoom(room: string): Promise<void> {
    await this.#model.deleteMany({ room: new Types.ObjectId(room) });
  }

  async deleteUser(user: string): Promise<void> {
    await this.#model.deleteMany({ user: new Types.ObjectId(user) });
  }
}

function toDraft({ room, text, replyTo, v, at }: DraftDocument): StoredDraft {
  return { room: room.toHexString(), text, ...(replyTo === undefined ? {} : { replyTo }), v, at };
}
