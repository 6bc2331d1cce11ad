import { mongo } from 'mongoose';

interface BlockDocument {
  readonly _id: mongo.ObjectId;
  readonly user: mongo.ObjectId;
  readonly blocked: mongo.ObjectId;
  readonly at: Date;
}

export const BLOCK_INDEXES = [
  { name: 'user_blocked', key: { user: 1, blocked: 1 }, unique: true },
  { name: 'blocked', key: { blocked: 1 } },
] as const;

/** Of those who blocked one user, so many are kept from them. */
const MAX_BLOCKERS = 2_000;
const { ObjectId } = mongo;

/** Queries on who blocked whom. */
export class BlockStore {
  readonly #blocks: mongo.Collection<BlockDocument>;

  constructor(blocks: mongo.Collection) {
    this.#blocks = blocks as unknown as mongo.Collection<BlockDocument>;
  }

  /** Repeating it is harmless. */
  async add(user: string, blocked: string): Promise<void> {
    await this.#blocks.updateOne(pair(user, blocked), { $setOnInsert: { at: new Date() } }, { upsert: true });
  }

  async remove(user: string, blocked: string): Promise<void> {
    await this.#blocks.deleteOne(pair(user, blocked));
  }

  /** Whom the user blocked, in the order they did. */
  async by(user: string, limit: number): Promise<string[]> {
    const found = await this.#blocks
      .find({ user: new ObjectId(user) })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ blocked }) => blocked.toHexString());
  }

  /** For each of the users that are blocked by somebody: by whom. */
  async blockersOf(users: readonly string[]): Promise<Map<string, string[]>> {
    const blockers = new Map<string, string[]>();
    if (users.length === 0) return blockers;
    const found = this.#blocks.find({ blocked: { $in: users.map((user) => new ObjectId(user)) } });
    for await (const { user, blocked } of found) {
      const list = blockers.get(blocked.toHexString()) ?? [];
      if (list.length < MAX_BLOCKERS) list.push(user.toHexString());
      blockers.set(blocked.toHexString(), list);
    }
    return blockers;
  }

  /** Those of `users` who blocked `blocked`. */
  async whoBlocked(blocked: string, users: readonly string[]): Promise<string[]> {
    if (users.length === 0) return [];
    const among = users.map((user) => new ObjectId(user));
    const found = await this.#blocks.find({ user: { $in: among }, blocked: new ObjectId(blocked) }).toArray();
    return found.map(({ user }) => user.toHexString());
  }

  /** An account ended: nothing it blocked, and nobody who blocked it, is of use any more. */
  async deleteUser(user: string): Promise<void> {
    const id = new ObjectId(user);
    await this.#blocks.deleteMany({ $or: [{ user: id }, { blocked: id }] });
  }
}

const pair = (user: string, blocked: string) => ({
  user: new ObjectId(user),
  blocked: new ObjectId(blocked),
});
