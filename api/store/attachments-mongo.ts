import { mongo } from 'mongoose';
import type { AttachmentStore, FileFacts, NewAttachment, NewShare, StoredAttachment } from './attachments.ts';
import { isAllDuplicates } from './bulk-errors.ts';
import { ONE_BATCH } from './one-batch.ts';
import type { Unhurried } from './unhurried.ts';

const { ObjectId } = mongo;
const READ_TIMEOUT = 5_000;
/** ms for all files of a room or a user to be marked. */
const MARK_TIMEOUT = 60_000;

/** The records in MongoDB. */
export class MongoAttachmentStore implements AttachmentStore {
  readonly #attachments: mongo.Collection;

  constructor(attachments: mongo.Collection) {
    this.#attachments = attachments;
  }

  async begin({ id, thumb, owner, room, name }: NewAttachment, until: Date): Promise<void> {
    await this.#attachments.insertOne({
      _id: new ObjectId(id),
      thumb: new ObjectId(thumb),
      owner: new ObjectId(owner),
      uploader: new ObjectId(owner),
      room: new ObjectId(room),
      name,
      state: 'uploading',
      sweepAt: until,
    });
  }

  underway(owner: string, now: Date): Promise<number> {
    const filter = { uploader: new ObjectId(owner), sweepAt: { $gt: now } };
    return this.#attachments.countDocuments(filter, { maxTimeMS: READ_TIMEOUT });
  }

  async used(owner: string, without: readonly string[] = []): Promise<number> {
    const pipeline = [
      { $match: { owner: new ObjectId(owner), state: 'ready' } },
      { $group: { _id: { $ifNull: ['$body', '$_id'] }, bytes: { $max: '$size' } } },
      { $match: { _id: { $nin: toKeys(without) } } },
      { $group: { _id: null, bytes: { $sum: '$bytes' } } },
    ];
    const [sum] = await this.#attachments.aggregate(pipeline, { maxTimeMS: READ_TIMEOUT }).toArray();
    return Number(sum?.['bytes'] ?? 0);
  }

  async renew(id: string, until: Date): Promise<boolean> {
    const filter = { _id: new ObjectId(id), state: 'uploading' };
    return (await this.#attachments.updateOne(filter, { $set: { sweepAt: until } })).matchedCount === 1;
  }

  async finish(id: string, facts: FileFacts, until: Date): Promise<boolean> {
    const filter = { _id: new ObjectId(id), state: 'uploading' };
    const update = { $set: { ...facts, state: 'ready', sweepAt: until }, $unset: { uploader: 1 } };
    return (await this.#attachments.updateOne(filter, update)).matchedCount === 1;
  }

  async byIds(ids: readonly string[]): Promise<readonly StoredAttachment[]> {
    const filter = { _id: { $in: toKeys(ids) } };
    return this.#find(filter, { limit: ids.length });
  }

  async claim(ids: readonly string[], clientId: string, until: Date): Promise<number> {
    const filter = {
      _id: { $in: toKeys(ids) },
      state: 'ready',
      $or: [{ claim: { $exists: false } }, { claim: clientId }],
    };
    const update = { $set: { claim: clientId, sweepAt: until } };
    return (await this.#attachments.updateMany(filter, update)).matchedCount;
  }

  async share(files: readonly NewShare[], clientId: string, until: Date): Promise<number> {
    const rows = files.map(({ id, thumb, body, owner, room, ...facts }) => ({
      ...facts,
      _id: new ObjectId(id),
      thumb: new ObjectId(thumb),
      body: new ObjectId(body),
      owner: new ObjectId(owner),
      room: new ObjectId(room),
      state: 'ready',
      claim: clientId,
      sweepAt: until,
    }));
    try {
      return (await this.#attachments.insertMany(rows, { ordered: false })).insertedCount;
    } catch (error) {
      if (!isAllDuplicates(error)) throw error;
      return error.insertedCount;
    }
  }

  async isReached(body: string): Promise<boolean> {
    const key = new ObjectId(body);
    const filter = { $or: [{ _id: key }, { body: key }], state: { $ne: 'gone' } };
    const found = await this.#attachments.findOne(filter, {
      projection: { _id: 1 },
      maxTimeMS: READ_TIMEOUT,
    });
    return found !== null;
  }

  due(now: Date, limit: number): Promise<readonly StoredAttachment[]> {
    return this.#find({ sweepAt: { $lte: now } }, { sort: { sweepAt: 1 }, limit });
  }

  async settle(id: string): Promise<void> {
    await this.#attachments.updateOne({ _id: new ObjectId(id), state: 'ready' }, { $unset: { sweepAt: 1 } });
  }

  async retire(id: string, now: Date, at: Date): Promise<boolean> {
    const filter = { _id: new ObjectId(id), sweepAt: { $lte: now } };
    return (await this.#attachments.updateOne(filter, toGone(at))).matchedCount === 1;
  }

  async forget(ids: readonly string[], at: Date): Promise<void> {
    await this.#attachments.updateMany({ _id: { $in: toKeys(ids) } }, toGone(at));
  }

  async forgetRoom(room: string, at: Date): Promise<void> {
    await this.#attachments.updateMany({ room: new ObjectId(room) }, toGone(at), UNHURRIED);
  }

  async forgetOwner(owner: string, at: Date): Promise<void> {
    await this.#attachments.updateMany({ owner: new ObjectId(owner) }, toGone(at), UNHURRIED);
  }

  async remove(id: string): Promise<void> {
    await this.#attachments.deleteOne({ _id: new ObjectId(id) });
  }

  async #find(
    filter: mongo.Filter<mongo.Document>,
    options: mongo.FindOptions,
  ): Promise<readonly StoredAttachment[]> {
    const whole = { maxTimeMS: READ_TIMEOUT, batchSize: ONE_BATCH } as const;
    return (await this.#attachments.find(filter, { ...options, ...whole }).toArray()).map(toAttachment);
  }
}

const UNHURRIED: mongo.UpdateOptions & Unhurried = { socketTimeoutMS: MARK_TIMEOUT };

const toKeys = (ids: readonly string[]): mongo.ObjectId[] => ids.map((id) => new ObjectId(id));

const toGone = (at: Date): mongo.UpdateFilter<mongo.Document> => ({
  $set: { state: 'gone', sweepAt: at },
  $unset: { uploader: 1 },
});

function toAttachment({ _id, uploader: _, ...rest }: mongo.Document): StoredAttachment {
  const ids = {
    id: String(_id),
    thumb: String(rest['thumb']),
    owner: String(rest['owner']),
    room: String(rest['room']),
    ...(rest['body'] === undefined ? {} : { body: String(rest['body']) }),
  };
  return { ...rest, ...ids } as unknown as StoredAttachment;
}
