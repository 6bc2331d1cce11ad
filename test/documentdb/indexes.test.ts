import { expect } from 'chai';
import mongoose, { Schema } from 'mongoose';
import { rejection, useStore } from './store.ts';

describe('indexes', () => {
  const store = useStore();

  const logSchema = () => {
    const schema = new Schema(
      { room: String, seq: Number, sender: String, clientId: String, text: String },
      { strict: false },
    );
    const where = (field: string) => ({ partialFilterExpression: { [field]: { $exists: true } } });
    schema.index({ room: 1, seq: 1 }, { unique: true });
    schema.index({ room: 1, sender: 1, clientId: 1 }, { unique: true, ...where('clientId') });
    schema.index({ room: 1, of: 1, prev: 1 }, { unique: true, ...where('prev') });
    schema.index({ room: 1 }, where('pending'));
    schema.index({ text: 'text' });
    return schema;
  };

  it('of the log are made by several nodes at once, and once', async () => {
    const connections = await Promise.all(
      [1, 2, 3].map(() => mongoose.createConnection(store.url, { dbName: store.db.name }).asPromise()),
    );
    const models = connections.map((connection) => connection.model('Log', logSchema(), 'log'));
    await Promise.all(models.map((model) => model.init()));
    await Promise.all(models.map((model) => model.createIndexes()));
    const names = (await store.db.collection('log').indexes()).map(({ name }) => name);
    expect(names).to.have.members([
      '_id_', 'room_1_seq_1', 'room_1_sender_1_clientId_1', 'room_1_of_1_prev_1', 'room_1', 'text_text',
    ]); // prettier-ignore
    await Promise.all(connections.map((connection) => connection.close()));
  });

  it('of different collections may be made at once, while others write', async () => {
    const work = Array.from({ length: 8 }, async (_, n) => {
      const collection = store.db.collection(`side${n}`);
      await Promise.all([
        collection.createIndex({ a: 1 }, { unique: true }),
        collection.createIndex({ b: -1, c: 1 }, { sparse: true }),
        collection.insertMany([{ a: 1 }, { a: 2 }]),
        collection.insertOne({ a: 3 }),
      ]);
      return [await collection.countDocuments({}), (await collection.indexes()).length];
    });
    expect(await Promise.all(work)).to.deep.equal(Array.from({ length: 8 }, () => [3, 3]));
  });

  it('may be asked for again, but not under the same name with other options', async () => {
    const collection = store.db.collection('again');
    await collection.createIndex({ a: 1 }, { unique: true });
    expect(await collection.createIndex({ a: 1 }, { unique: true })).to.equal('a_1');
    const error = await rejection<mongoose.mongo.MongoServerError>(collection.createIndex({ a: 1 }));
    expect([85, 86]).to.include(error.code);
  });

  it('are refused as unique over duplicates', async () => {
    const collection = store.db.collection('duplicates');
    await collection.insertMany([{ a: 1 }, { a: 1 }]);
    const error = await rejection<mongoose.mongo.MongoServerError>(
      collection.createIndex({ a: 1 }, { unique: true }),
    );
    expect(error.code).to.equal(11000);
  });

  it('name the right fields in errors after they were replaced under the same name', async () => {
    const collection = store.db.collection('replaced');
    for (const field of ['a', 'b']) {
      await collection.createIndex({ [field]: 1 }, { unique: true, name: 'the' });
      await collection.insertOne({ [field]: 1 });
      const error = await rejection<mongoose.mongo.MongoServerError>(collection.insertOne({ [field]: 1 }));
      expect(error['keyPattern']).to.deep.equal({ [field]: 1 });
      await collection.dropIndex('the');
      await collection.deleteMany({});
    }
    expect(await collection.indexes()).to.have.length(1);
  });

  it('for expiry keep their seconds', async () => {
    const sessions = store.db.collection('sessions');
    await sessions.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
    const [, index] = await sessions.indexes();
    expect(index).to.include({ name: 'expiresAt_1', expireAfterSeconds: 0 });
  });

  it('for text find words and rank them', async () => {
    const texts = store.db.collection('texts');
    await texts.createIndex({ text: 'text' });
    await texts.insertMany(['the quick fox', 'fox fox fox', 'a lazy dog'].map((text, n) => ({ n, text })));
    const score = { $meta: 'textScore' };
    const found = await texts.find({ $text: { $search: 'fox' } }, { projection: { n: 1, score } }).sort({ score }).toArray(); // prettier-ignore
    expect(found.map(({ n }) => n as number)).to.deep.equal([1, 0]);
  });
}).timeout(30_000);
