import { expect } from 'chai';
import mongoose from 'mongoose';
import { useStore } from './store.ts';

describe('many at once', () => {
  const store = useStore();

  it('get exactly one winner for each key, and no other error', async () => {
    const log = store.db.collection('race');
    await log.createIndex({ room: 1, seq: 1 }, { unique: true });
    const attempts = Array.from({ length: 300 }, (_, n) =>
      log.insertOne({ room: 'r', seq: n % 30 }).then(
        () => 0,
        (error: mongoose.mongo.MongoServerError) => error.code,
      ),
    );
    const codes = await Promise.all(attempts);
    expect(codes.filter((code) => code === 0)).to.have.length(30);
    expect(codes.filter((code) => code === 11000)).to.have.length(270);
  });

  it('insert the same batch in opposite orders: each document once, and nothing is left out', async () => {
    const log = store.db.collection('opposite');
    await log.createIndex({ seq: 1 }, { unique: true });
    const batch = Array.from({ length: 200 }, (_, seq) => seq);
    const insert = async (seqs: number[]) => {
      try {
        return (await log.insertMany(seqs.map((seq) => ({ seq })), { ordered: false })).insertedCount; // prettier-ignore
      } catch (error) {
        const { writeErrors, insertedCount } = error as mongoose.mongo.MongoBulkWriteError;
        const codes = new Set([writeErrors].flat().map(({ code }) => code));
        expect([...codes]).to.deep.equal([11000]);
        return insertedCount;
      }
    };
    const counts = await Promise.all([
      insert(batch),
      insert(batch.toReversed()),
      insert(batch),
      insert(batch.toReversed()),
    ]);
    expect(counts.reduce((sum, count) => sum + count)).to.equal(200);
    expect(await log.countDocuments({})).to.equal(200);
  });

  it('may make the same collection by their first insert', async () => {
    for (let round = 0; round < 5; round += 1) {
      const collection = store.db.collection(`first${round}`);
      await Promise.all(Array.from({ length: 10 }, (_, n) => collection.insertOne({ n })));
      expect(await collection.countDocuments({})).to.equal(10);
    }
  });

  it('count with $inc without losing any', async () => {
    const counters = store.db.collection('counters');
    await counters.insertOne({ key: 1, n: 0 });
    await Promise.all(Array.from({ length: 100 }, () => counters.updateOne({ key: 1 }, { $inc: { n: 1 } })));
    expect((await counters.findOne({ key: 1 }))?.['n']).to.equal(100);
  });
}).timeout(30_000);
