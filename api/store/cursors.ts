import { mongo } from 'mongoose';

export interface Cursor {
  readonly user: string;
  readonly room: string;
  readonly read?: number;
  readonly got?: number;
}

/** Writes cursors: they only ever rise, so the order of writes does not matter. */
export interface CursorStore {
  raise(cursors: readonly Cursor[]): Promise<void>;
}

const { ObjectId } = mongo;

/** One bulk write a call; who is no member any more is passed over. */
export class MongoCursorStore implements CursorStore {
  readonly #members: mongo.Collection;

  constructor(members: mongo.Collection) {
    this.#members = members;
  }

  async raise(cursors: readonly Cursor[]): Promise<void> {
    if (cursors.length === 0) return;
    const updates = cursors.map(({ user, room, read, got }) => ({
      updateOne: {
        filter: { room: new ObjectId(room), user: new ObjectId(user) },
        // What is read has arrived.
        update: {
          $max: { gotSeq: Math.max(got ?? 0, read ?? 0), ...(read === undefined ? {} : { readSeq: read }) },
        },
      },
    }));
    await this.#members.bulkWrite(updates, { ordered: false });
  }
}
