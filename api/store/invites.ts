import { mongo } from 'mongoose';

/** A link into a room. The token itself is nowhere: only its hash. */
export interface Invite {
  readonly id: string;
  readonly room: string;
  readonly by: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date;
  readonly maxUses?: number;
  readonly uses: number;
}
export interface NewInvite {
  readonly room: string;
  readonly by: string;
  readonly tokenHash: string;
  readonly expiresAt?: Date | undefined;
  readonly maxUses?: number | undefined;
}

interface InviteDocument {
  readonly _id: mongo.ObjectId;
  readonly room: mongo.ObjectId;
  readonly by: mongo.ObjectId;
  readonly tokenHash: string;
  readonly createdAt: Date;
  /** Until when it is good. */
  readonly endsAt?: Date;
  /** When the store removes it; where `endsAt` is absent, both. */
  readonly expiresAt?: Date;
  readonly maxUses?: number;
  readonly uses: number;
}

/** ms that the store keeps a link after its end: whoever came in by it finds their way by it for a while. */
const KEPT = 30 * 86_400_000;

export const INVITE_INDEXES = [
  { name: 'token', key: { tokenHash: 1 }, unique: true },
  { name: 'by', key: { by: 1 } },
  { name: 'room', key: { room: 1, _id: -1 } },
  { name: 'expires', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
] as const;

const { ObjectId } = mongo;

/** Queries on invite links. The store removes those that are over by and by: whoever reads checks the time. */
export class InviteStore {
  readonly #invites: mongo.Collection<InviteDocument>;

  constructor(invites: mongo.Collection) {
    this.#invites = invites as unknown as mongo.Collection<InviteDocument>;
  }

  async insert({ room, by, tokenHash, expiresAt, maxUses }: NewInvite): Promise<Invite> {
    const document: InviteDocument = {
      _id: new ObjectId(),
      room: new ObjectId(room),
      by: new ObjectId(by),
      tokenHash,
      createdAt: new Date(),
      ...(expiresAt === undefined
        ? {}
        : { endsAt: expiresAt, expiresAt: new Date(expiresAt.getTime() + KEPT) }),
      ...(maxUses === undefined ? {} : { maxUses }),
      uses: 0,
    };
    await this.#invites.insertOne(document);
    return toInvite(document);
  }

  /** Newest first, the used up and expired included. */
  async ofRoom(room: string, limit: number): Promise<Invite[]> {
    const found = await this.#invites
      .find({ room: new ObjectId(room) })
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(toInvite);
  }

  async byId(room: string, id: string): Promise<Invite | undefined> {
    const found = await this.#invites.findOne({ _id: new ObjectId(id), room: new ObjectId(room) });
    return found === null ? undefined : toInvite(found);
  }

  async byToken(tokenHash: string): Promise<Invite | undefined> {
    const found = await this.#invites.findOne({ tokenHash });
    return found === null ? undefined : toInvite(found);
  }

  /** Counts one use, in one write that holds only while one is left. False where none was, or the link is gone. */
  async use({ id, maxUses }: Pick<Invite, 'id' | 'maxUses'>): Promise<boolean> {
    const filter = {
      _id: new ObjectId(id),
      ...(maxUses === undefined ? {} : { uses: { $lt: maxUses } }),
    };
    return (await this.#invites.updateOne(filter, { $inc: { uses: 1 } })).modifiedCount === 1;
  }

  /** Nobody came in by a use that was counted. */
  async giveBack(id: string): Promise<void> {
    await this.#invites.updateOne({ _id: new ObjectId(id) }, { $inc: { uses: -1 } });
  }

  async delete(room: string, id: string): Promise<boolean> {
    const result = await this.#invites.deleteOne({ _id: new ObjectId(id), room: new ObjectId(room) });
    return result.deletedCount === 1;
  }

  async deleteUser(user: string): Promise<void> {
    await this.#invites.deleteMany({ by: new ObjectId(user) });
  }

  async deleteRoom(room: string): Promise<void> {
    await this.#invites.deleteMany({ room: new ObjectId(room) });
  }
}

function toInvite(document: InviteDocument): Invite {
  const { _id, room, by, createdAt, endsAt, expiresAt, maxUses, uses } = document;
  const end = endsAt ?? expiresAt;
  return {
    id: _id.toHexString(),
    room: room.toHexString(),
    by: by.toHexString(),
    createdAt,
    ...(end === undefined ? {} : { expiresAt: end }),
    ...(maxUses === undefined ? {} : { maxUses }),
    uses,
  };
}
