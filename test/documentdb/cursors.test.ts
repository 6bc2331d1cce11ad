import { expect } from 'chai';
import mongoose from 'mongoose';
import { Cursors } from '../../local/documentdb/wire/cursors.ts';
import { rejection, useStore } from './store.ts';

describe('cursors', () => {
  const store = useStore();
  const collection = () => store.db.collection('many');

  before(() => collection().insertMany(Array.from({ length: 1_000 }, (_, n) => ({ n, k: n % 7 }))));

  const numbers = (documents: { [key: string]: unknown }[]) => documents.map(({ n }) => n as number);
  const all = Array.from({ length: 1_000 }, (_, n) => n);

  it('give every document once, whatever the size of their pages', async () => {
    for (const batchSize of [1, 10, 333, 5_000]) {
      const found = await collection()
        .find({}, { batchSize, limit: batchSize === 1 ? 50 : 0 })
        .toArray();
      expect(numbers(found).toSorted((a, b) => a - b)).to.deep.equal(
        batchSize === 1 ? all.slice(0, 50) : all,
      );
    }
  });

  it('keep a sort without an index over their pages', async () => {
    const found = await collection().find({}).sort({ k: 1, n: -1 }).batchSize(100).toArray();
    const expected = [...all].sort((a, b) => (a % 7) - (b % 7) || b - a);
    expect(numbers(found)).to.deep.equal(expected);
  });

  it('page the results of a pipeline', async () => {
    const pipeline = [{ $group: { _id: '$n' } }, { $sort: { _id: 1 } }];
    const found = await collection().aggregate(pipeline, { batchSize: 90 }).toArray();
    expect(found.map(({ _id }) => _id as number)).to.deep.equal(all);
  });

  it('may be open side by side, more of them than the store has connections', async () => {
    const cursors = Array.from({ length: 60 }, () => collection().find({}).sort({ k: 1 }).batchSize(400));
    for (const cursor of cursors) await cursor.next();
    const counts = await Promise.all(cursors.map(async (cursor) => (await cursor.toArray()).length));
    expect(counts.every((count) => count === 999)).to.equal(true);
  });

  it('are gone once killed', async () => {
    const { db } = store.db;
    if (!db) throw new Error('not connected');
    const { cursor } = await db.command({ find: 'many', batchSize: 2 }, { promoteLongs: false });
    const id = cursor.id as mongoose.mongo.Long;
    const killed = await db.command({
      killCursors: 'many',
      cursors: [id, mongoose.mongo.Long.fromNumber(12345)],
    });
    expect(killed['cursorsKilled'].map(String)).to.deep.equal([id.toString()]);
    expect(killed['cursorsNotFound'].map(String)).to.deep.equal(['12345']);
    const error = await rejection<mongoose.mongo.MongoServerError>(
      db.command({ getMore: id, collection: 'many' }),
    );
    expect(error.code).to.equal(43);
  });
}).timeout(20_000);

describe('the table of open cursors', () => {
  const cursor = { db: 'd', continuation: Buffer.alloc(0) };

  it('forgets a cursor that nobody asked for ten minutes', () => {
    const forgotten: string[] = [];
    let now = 0;
    const cursors = new Cursors((ids) => forgotten.push(...ids), () => now); // prettier-ignore
    cursors.put('1', cursor);
    now = 300_000;
    cursors.put('2', cursor);
    now = 600_000;
    cursors.sweep();
    expect(forgotten).to.deep.equal(['1']);
    expect(cursors.take('1')).to.equal(undefined);
    expect(cursors.take('2')).to.include(cursor);
  });

  it('holds a thousand, and lets the longest unused go', () => {
    const forgotten: string[] = [];
    const cursors = new Cursors((ids) => forgotten.push(...ids));
    for (let id = 0; id < 1_002; id += 1) cursors.put(`${id}`, cursor);
    expect(cursors.size).to.equal(1_000);
    expect(forgotten).to.deep.equal(['0', '1']);
  });
});
