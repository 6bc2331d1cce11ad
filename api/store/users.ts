import { Schema, type Model, type Mongoose, Types } from 'mongoose';
import { duplicateKey } from './duplicate.ts';
import { escapeRegex } from './regex.ts';
import { ONE_BATCH } from './one-batch.ts';

export interface UserDocument {
  readonly _id: Types.ObjectId;
  /** Lower case; `~<id>` once deleted, which nobody can register. */
  readonly username: string;
  readonly email?: string;
  readonly displayName: string;
  /** The display name as prefixes are searched in it. */
  readonly nameKey: string;
  readonly avatar?: string;
  readonly status?: string;
  readonly statusEmoji?: string;
  readonly statusUntil?: Date;
  readonly hidePresence?: boolean;
  /** Grows with what the user changes for themselves alone. */
  readonly v?: number;
  readonly passwordHash: string;
  readonly role: 'user' | 'admin';
  readonly lastSeenAt?: Date;
  readonly createdAt: Date;
  readonly deletedAt?: Date;
}
/** A user as the services see one. */
export type User = Omit<UserDocument, '_id'> & { readonly id: string };

export interface NewUser {
  readonly username: string;
  readonly email?: string | undefined;
  readonly displayName: string;
  readonly passwordHash: string;
}
export type UserChanges = Partial<
  Pick<UserDocument, 'displayName' | 'email' | 'status' | 'statusEmoji' | 'avatar' | 'hidePresence'>
> & { readonly statusUntil?: Date | '' };

const schema = new Schema<UserDocument>(
  {
    username: { type: String, required: true },
    email: String,
    displayName: { type: String, required: true },
    nameKey: { type: String, required: true },
    avatar: String,
    status: String,
    statusEmoji: String,
    statusUntil: Date,
    hidePresence: Boolean,
    v: Number,
    passwordHash: String,
    role: { type: String, enum: ['user', 'admin'], required: true },
    lastSeenAt: Date,
    createdAt: { type: Date, required: true },
    deletedAt: Date,
  },
  { collection: 'users', versionKey: false, autoIndex: false, autoCreate: false },
);

export const USER_INDEXES = [
  { name: 'username', key: { username: 1 }, unique: true },
  { name: 'email', key: { email: 1 }, unique: true, partialFilterExpression: { email: { $exists: true } } },
  { name: 'name_key', key: { nameKey: 1 } },
] as const;

/** Which unique field another user has already. */
export class UserTaken extends Error {
  readonly field: 'username' | 'email';
  constructor(field: 'username' | 'email') {
    super(`${field} taken`);
    this.field = field;
  }
}

/** Queries on users. Deleted ones are found by id only. */
export class UserStore {
  readonly #model: Model<UserDocument>;
  readonly #db: Mongoose;

  constructor(db: Mongoose) {
    this.#db = db;
    this.#model = db.model<UserDocument>('User', schema);
  }

  /** Throws UserTaken. */
  async insert(user: NewUser): Promise<User> {
    const document: UserDocument = {
      _id: new Types.ObjectId(),
      username: user.username,
      ...(user.email === undefined ? {} : { email: user.email }),
      displayName: user.displayName,
      nameKey: user.displayName.toLowerCase(),
      passwordHash: user.passwordHash,
      role: 'user',
      createdAt: new Date(),
    };
    await this.#unique(() => this.#model.create(document));
    return toUser(document);
  }

  async byId(id: string): Promise<User | undefined> {
    return this.#one({ _id: new Types.ObjectId(id) });
  }

  async byUsername(username: string): Promise<User | undefined> {
    return this.#one({ username });
  }

  async byEmail(email: string): Promise<User | undefined> {
    return this.#one({ email });
  }

  /** In no particular order; those that do not exist are missing. */
  async byIds(ids: readonly string[]): Promise<User[]> {
    return this.#many({ _id: this.#in(ids.map((id) => new Types.ObjectId(id))) });
  }

  async byUsernames(usernames: readonly string[]): Promise<User[]> {
    return this.#many({ username: this.#in(usernames) });
  }

  /** Those whose username or display name starts with `prefix`, by username, behind `after`. */
  async search(prefix: string, after: string, limit: number): Promise<User[]> {
    const starts = this.#db.trusted({ $regex: `^${escapeRegex(prefix.toLowerCase())}` });
    const named = prefix === '' ? {} : { $or: [{ username: starts }, { nameKey: starts }] };
    const filter = {
      ...named,
      username: this.#db.trusted({ $gt: after }),
      deletedAt: this.#db.trusted({ $exists: false }),
    };
    const found = await this.#model.find(filter).sort({ username: 1 }).limit(limit).lean<UserDocument[]>();
    return found.map(toUser);
  }

  /** The user as changed, their own version raised with it, or undefined where there is none; '' removes a field. Throws UserTaken. */
  async update(id: string, changes: UserChanges): Promise<User | undefined> {
    const set = {
      ...changes,
      ...(changes.displayName === undefined ? {} : { nameKey: changes.displayName.toLowerCase() }),
    };
    const update = {
      $set: Object.fromEntries(Object.entries(set).filter(([, value]) => value !== '')),
      $unset: Object.fromEntries(
        Object.entries(set)
          .filter(([, value]) => value === '')
          .map(([key]) => [key, 1]),
      ),
      $inc: { v: 1 },
    };
    const found = await this.#unique(() =>
      this.#model.findOneAndUpdate(this.#live(id), update, { returnDocument: 'after' }).lean<UserDocument>(),
    );
    return found === null ? undefined : toUser(found);
  }

  /** Only over the hash that was checked: of two changes at once, one wins. False where it had changed. */
  async setPassword(id: string, from: string, to: string): Promise<boolean> {
    const result = await this.#model.updateOne(
      { ...this.#live(id), passwordHash: from },
      { $set: { passwordHash: to } },
    );
    return result.matchedCount === 1;
  }

  async setRole(id: string, role: UserDocument['role']): Promise<void> {
    await this.#model.updateOne(this.#live(id), { $set: { role } });
  }

  async touchLastSeen(id: string): Promise<void> {
    await this.#model.updateOne({ _id: new Types.ObjectId(id) }, { $set: { lastSeenAt: new Date() } });
  }

  /** The user's own version, raised. */
  async raiseVersion(id: string): Promise<number> {
    const found = await this.#model
      .findOneAndUpdate(this.#live(id), { $inc: { v: 1 } }, { returnDocument: 'after' })
      .lean<UserDocument>();
    return found?.v ?? 0;
  }

  /** Blanks everything personal; the row stays, so that messages keep a sender. */
  async erase(id: string): Promise<void> {
    await this.#model.updateOne(
      { _id: new Types.ObjectId(id) },
      {
        $set: {
          username: `~${id}`,
          displayName: 'Deleted user',
          nameKey: '',
          passwordHash: '',
          role: 'user',
          deletedAt: new Date(),
        },
        $unset: {
          email: 1,
          avatar: 1,
          status: 1,
          statusEmoji: 1,
          statusUntil: 1,
          hidePresence: 1,
          lastSeenAt: 1,
        },
      },
    );
  }

  #live(id: string): { _id: Types.ObjectId; deletedAt: { $exists: boolean } } {
    return { _id: new Types.ObjectId(id), deletedAt: this.#db.trusted({ $exists: false }) };
  }

  #in<T>(values: readonly T[]): { $in: readonly T[] } {
    return this.#db.trusted({ $in: values });
  }

  async #one(filter: Record<string, unknown>): Promise<User | undefined> {
    const found = await this.#model.findOne(filter).lean<UserDocument>();
    return found === null ? undefined : toUser(found);
  }

  async #many(filter: Record<string, unknown>): Promise<User[]> {
    return (await this.#model.find(filter).batchSize(ONE_BATCH).lean<UserDocument[]>()).map(toUser);
  }

  async #unique<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      const index = duplicateKey(error);
      if (index === undefined) throw error;
      throw new UserTaken(index.includes('email') ? 'email' : 'username');
    }
  }
}

function toUser({ _id, ...rest }: UserDocument): User {
  return { ...rest, id: _id.toHexString() };
}
