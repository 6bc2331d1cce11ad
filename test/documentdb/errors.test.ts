import { expect } from 'chai';
import mongoose from 'mongoose';
import { GIVEN_URL, rejection, useStore } from './store.ts';

type ServerError = mongoose.mongo.MongoServerError;
type BulkError = mongoose.mongo.MongoBulkWriteError;

describe('the errors of the store', () => {
  const store = useStore();
  const fresh = async (name: string, fields: Record<string, 1>, options: object = { unique: true }) => {
    const collection = store.db.collection(name);
    await collection.createIndex(fields, options);
    return collection;
  };

  it('tell a duplicate key with the index, its pattern and the values', async () => {
    const log = await fresh('dup', { room: 1, seq: 1 });
    const room = new mongoose.Types.ObjectId();
    await log.insertOne({ room, seq: 1 });
    const error = await rejection<ServerError>(log.insertOne({ room, seq: 1 }));
    expect(error.code).to.equal(11000);
    expect(error['keyPattern']).to.deep.equal({ room: 1, seq: 1 });
    expect(error['keyValue']['seq']).to.equal(1);
    expect(String(error['keyValue']['room'])).to.equal(String(room));
    expect(error.message).to.match(
      /^E11000 duplicate key error collection: \S+\.dup index: room_1_seq_1 dup key: \{ /,
    );
    expect(error.message).to.include(`room: ObjectId('${String(room)}')`);
  });

  it('tell a duplicate _id', async () => {
    const log = store.db.collection<{ _id: number }>('dupid');
    await log.insertOne({ _id: 1 });
    const error = await rejection<ServerError>(log.insertOne({ _id: 1 }));
    expect([error.code, error['keyPattern'], error['keyValue']]).to.deep.equal([
      11000,
      { _id: 1 },
      { _id: 1 },
    ]);
  });

  it('tell a duplicate key of an update, an upsert and a findOneAndUpdate alike', async () => {
    const users = await fresh('users', { username: 1 });
    await users.insertMany([{ username: 'a' }, { username: 'b' }]);
    const failures = [
      () => users.updateOne({ username: 'b' }, { $set: { username: 'a' } }),
      () => users.updateOne({ other: 1 }, { $set: { username: 'a' } }, { upsert: true }),
      () => users.findOneAndUpdate({ username: 'b' }, { $set: { username: 'a' } }),
    ];
    for (const failure of failures) {
      const error = await rejection<ServerError>(failure());
      expect(error.code).to.equal(11000);
      expect(error['keyPattern']).to.deep.equal({ username: 1 });
      expect(error['keyValue']).to.deep.equal({ username: 'a' });
    }
  });

  it('leave the other documents of an unordered batch inserted, with the index of each refused', async () => {
    const log = await fresh('unordered', { seq: 1 });
    await log.insertMany([{ seq: 3 }, { seq: 70 }]);
    const documents = Array.from({ length: 100 }, (_, seq) => ({ seq }));
    const error = await rejection<BulkError>(log.insertMany(documents, { ordered: false }));
    const writeErrors = [error.writeErrors].flat();
    expect(writeErrors.map(({ index, code }) => [index, code])).to.deep.equal([[3, 11000], [70, 11000]]); // prettier-ignore
    expect(writeErrors[1]?.errmsg).to.match(/^E11000 .*\.unordered index: seq_1 dup key: \{ seq: 70 \}$/);
    expect(error.insertedCount).to.equal(98);
    expect(await log.countDocuments({})).to.equal(100);
  });

  it('stop an ordered batch at the first refused', async () => {
    const log = await fresh('ordered', { seq: 1 });
    const error = await rejection<BulkError>(log.insertMany([{ seq: 1 }, { seq: 1 }, { seq: 2 }]));
    expect([error.writeErrors].flat()[0]?.index).to.equal(1);
    expect(await log.countDocuments({})).to.equal(1);
  });

  it('keep a partial unique index to the documents it is for', async () => {
    const partial = { unique: true, partialFilterExpression: { clientId: { $exists: true } } };
    const log = await fresh('partial', { room: 1, sender: 1, clientId: 1 }, partial);
    await log.insertMany([{ room: 1, sender: 1 }, { room: 1, sender: 1 }]); // prettier-ignore
    await log.insertOne({ room: 1, sender: 1, clientId: 'x' });
    const error = await rejection<ServerError>(log.insertOne({ room: 1, sender: 1, clientId: 'x' }));
    expect(error['keyValue']).to.deep.equal({ room: 1, sender: 1, clientId: 'x' });
    expect(await log.countDocuments({})).to.equal(3);
  });

  it('carry MongoDB’s codes', async () => {
    const things = store.db.collection('codes');
    await things.insertOne({ a: 'text' });
    const { db } = store.db;
    if (!db) throw new Error('not connected');
    const codes = [
      [2, () => things.find({ a: { $nonsense: 1 } }).toArray()],
      [59, () => db.command({ nonsense: 1 })],
      [14, () => things.updateOne({}, { $inc: { a: 1 } })],
      [40, () => things.updateOne({}, { $set: { b: 1 }, $inc: { b: 1 } })],
      [66, () => things.updateOne({ a: 'text' }, { $set: { _id: 7 } })],
      [26, () => things.rename('other').then(() => things.indexes())],
    ] as const;
    for (const [code, failing] of codes) {
      const error = await rejection<ServerError>(failing());
      expect(error.code, error.message).to.equal(code);
    }
  });

  it('end a command after its maxTimeMS, and only that one', async () => {
    const things = store.db.collection('slow');
    await things.insertMany(Array.from({ length: 3_000 }, (_, n) => ({ n })));
    const product = [
      { $lookup: { from: 'slow', pipeline: [{ $match: { $expr: { $gt: [{ $rand: {} }, 2] } } }], as: 'x' } },
      {
        $lookup: {
          from: 'slow',
          let: { n: '$n' },
          pipeline: [{ $match: { $expr: { $lt: ['$n', '$$n'] } } }],
          as: 'y',
        },
      },
      { $count: 'n' },
    ];
    const error = await rejection<ServerError>(things.aggregate(product, { maxTimeMS: 50 }).toArray());
    expect(error.code).to.equal(50);
    expect(await things.countDocuments({})).to.equal(3_000);
  });

  it('refuse transactions on a standalone', async function () {
    if (GIVEN_URL) this.skip();
    const session = await store.db.startSession();
    const work = session.withTransaction(() => store.db.collection('t').findOne({ a: 1 }, { session }));
    expect((await rejection<ServerError>(work)).code).to.equal(20);
    await session.endSession();
  });
}).timeout(20_000);
