import { Schema, type Model, type Mongoose, Types } from 'mongoose';
import { ONE_BATCH } from './one-batch.ts';

export interface SessionDocument {
  readonly _id: Types.ObjectId;
  readonly user: Types.ObjectId;
  /** SHA-256 of the current refresh token, hex. */
  readonly tokenHash: string;
  /** SHA-256 of the token before it; absent until the first rotation. */
  readonly previousHash?: string;
  /** When the previous token was used for the first time, which made the current one. */
  readonly rotatedAt: Date;
  readonly userAgent: string;
  readonly ip: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}
export type Session = Omit<SessionDocument, '_id' | 'user'> & { readonly id: string; readonly user: string };
export type NewSession = Pick<Session, 'id' | 'user' | 'tokenHash' | 'userAgent' | 'ip' | 'expiresAt'>;

const schema = new Schema<SessionDocument>(
  {
    user: { type: Schema.Types.ObjectId, required: true },
    tokenHash: { type: String, required: true },
    previousHash: String,
    rotatedAt: { type: Date, required: true },
    userAgent: String,
    ip: String,
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'sessions', versionKey: false, autoIndex: false, autoCreate: false },
);

/** No index on token hashes: a refresh token names its session. */
export const SESSION_INDEXES = [
  { name: 'user', key: { user: 1 } },
  { name: 'expires', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
] as const;

/** Queries on sessions. A session that is over has no row. */
export class SessionStore {
  readonly #model: Model<SessionDocument>;
  readonly #db: Mongoose;

  constructor(db: Mongoose) {
    this.#db = db;
    this.#model = db.model<SessionDocument>('Session', schema);
  }

  async insert(session: NewSession): Promise<void> {
    const { id, user, ...rest } = session;
    const now = new Date();
    const times = { rotatedAt: now, createdAt: now, lastUsedAt: now };
    await this.#model.create({
      ...rest,
      ...times,
      _id: new Types.ObjectId(id),
      user: new Types.ObjectId(user),
    });
  }

  async byId(id: string): Promise<Session | undefined> {
    const found = await this.#model
      .findOne({ _id: new Types.ObjectId(id), ...this.#unexpired() })
      .lean<SessionDocument>();
    return found === null ? undefined : toSession(found);
  }

  /** Those of `ids` that still live. */
  async living(ids: readonly string[]): Promise<Set<string>> {
    const among = this.#db.trusted({ $in: ids.map((id) => new Types.ObjectId(id)) });
    const found = await this.#model
      .find({ _id: among, ...this.#unexpired() })
      .select({ _id: 1 })
      .batchSize(ONE_BATCH)
      .lean<Pick<SessionDocument, '_id'>[]>();
    return new Set(found.map(({ _id }) => _id.toHexString()));
  }

  /** Latest used first. */
  async ofUser(user: string, limit: number): Promise<Session[]> {
    const found = await this.#model
      .find({ user: new Types.ObjectId(user), ...this.#unexpired() })
      .sort({ lastUsedAt: -1 })
      .limit(limit)
      .lean<SessionDocument[]>();
    return found.map(toSession);
  }

  /** Compare-and-set on the token: false if another call rotated it first, or the session is over. */
  async rotate(
    session: string,
    from: string,
    to: {
      readonly tokenHash: string;
      readonly userAgent: string;
      readonly ip: string;
      readonly expiresAt: Date;
    },
  ): Promise<boolean> {
    const now = new Date();
    const result = await this.#model.updateOne(
      { _id: new Types.ObjectId(session), tokenHash: from },
      { $set: { ...to, previousHash: from, rotatedAt: now, lastUsedAt: now } },
    );
    return result.modifiedCount === 1;
  }

  /** True if it was there, and this user's. */
  async delete(session: string, user: string): Promise<boolean> {
    const filter = { _id: new Types.ObjectId(session), user: new Types.ObjectId(user) };
    return (await this.#model.deleteOne(filter)).deletedCount === 1;
  }

  async deleteMany(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#model.deleteMany({ _id: this.#db.trusted({ $in: ids.map((id) => new Types.ObjectId(id)) }) });
  }

  #unexpired(): { expiresAt: { $gt: Date } } {
    return { expiresAt: this.#db.trusted({ $gt: new Date() }) };
  }
}

function toSession({ _id, user, ...rest }: SessionDocument): Session {
  return { ...rest, id: _id.toHexString(), user: user.toHexString() };
}
