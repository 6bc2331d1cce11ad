import { expect } from 'chai';
import mongoose, { Schema } from 'mongoose';
import { useStore } from './store.ts';

describe('the store, with the operations of mongoose', () => {
  const store = useStore();
  const durable = { writeConcern: { w: 'majority', j: true } } as const;
  const fresh = (name: string) => store.db.collection(name);

  it('keeps what a model creates and gives it back with its types', async () => {
    const schema = new Schema({
      name: String,
      at: Date,
      tags: [String],
      owner: Schema.Types.ObjectId,
      bytes: Buffer,
    });
    const Thing = store.db.model('Thing', schema);
    const owner = new mongoose.Types.ObjectId();
    const at = new Date(1_700_000_000_123);
    const { _id } = await Thing.create({
      name: 'ü🙂',
      at,
      tags: ['a', 'b'],
      owner,
      bytes: Buffer.from([0, 255]),
    });
    const found = await Thing.findById(_id).lean().orFail();
    expect(found.name).to.equal('ü🙂');
    expect(found.at?.getTime()).to.equal(at.getTime());
    expect(found.tags).to.deep.equal(['a', 'b']);
    expect(found.owner?.equals(owner)).to.equal(true);
    expect([...(found.bytes as unknown as mongoose.mongo.Binary).buffer]).to.deep.equal([0, 255]);
  });

  it('inserts a batch of 600 durably and pages through a range in order', async () => {
    const log = fresh('batch');
    const documents = Array.from({ length: 600 }, (_, seq) => ({ room: 'r', seq }));
    const result = await log.insertMany(documents.toReversed(), { ordered: false, ...durable });
    expect(result.insertedCount).to.equal(600);
    const page = await log
      .find({ room: 'r', seq: { $gt: 99, $lte: 400 } }, { projection: { _id: 0, seq: 1 } })
      .sort({ seq: 1 })
      .skip(10)
      .limit(50)
      .toArray();
    expect(page).to.deep.equal(Array.from({ length: 50 }, (_, index) => ({ seq: 110 + index })));
  });

  it('updates with the operators of MongoDB, tells what matched, and upserts', async () => {
    const things = fresh('updates');
    await things.insertOne({ key: 1, n: 5, list: [{ k: 'a', v: 1 }, { k: 'b', v: 1 }], tags: ['x'] }); // prettier-ignore
    const update = {
      $max: { n: 9 },
      $set: { 'deep.er': true },
      $addToSet: { tags: 'y' },
      $unset: { none: 1 },
    };
    const first = await things.updateOne({ key: 1 }, update, durable);
    expect([first.matchedCount, first.modifiedCount]).to.deep.equal([1, 1]);
    const lower = await things.updateOne({ key: 1 }, { $max: { n: 2 } });
    expect([lower.matchedCount, lower.modifiedCount]).to.deep.equal([1, 0]);
    await things.updateOne({ key: 1 }, { $set: { 'list.$[e].v': 7 } }, { arrayFilters: [{ 'e.k': 'b' }] });
    await things.updateOne(
      { key: 1 },
      { $push: { tags: { $each: ['z'], $slice: -2 } } as never, $inc: { n: 1 } },
    );
    await things.updateOne({ key: 1 }, [{ $set: { sum: { $add: ['$n', 1] } } }]);
    const found = await things.findOne({ key: 1 }, { projection: { _id: 0 } });
    expect(found).to.deep.equal({
      key: 1, n: 10, list: [{ k: 'a', v: 1 }, { k: 'b', v: 7 }], tags: ['y', 'z'], deep: { er: true }, sum: 11,
    }); // prettier-ignore
    const upserted = await things.updateOne({ key: 2 }, { $setOnInsert: { n: 1 } }, { upsert: true });
    expect(upserted.upsertedCount).to.equal(1);
    expect((await things.updateMany({}, { $set: { all: 1 } })).modifiedCount).to.equal(2);
    expect((await things.deleteMany({ all: 1 })).deletedCount).to.equal(2);
  });

  it('finds and changes one document at once, giving it before or after', async () => {
    const things = fresh('fam');
    await things.insertOne({ key: 1, n: 1 });
    const after = await things.findOneAndUpdate({ key: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' });
    expect(after?.['n']).to.equal(2);
    const before = await things.findOneAndReplace({ key: 1 }, { key: 1, n: 7 }, { returnDocument: 'before' });
    expect(before?.['n']).to.equal(2);
    const made = await things.findOneAndUpdate(
      { key: 5 },
      { $set: { n: 0 } },
      { upsert: true, returnDocument: 'after' },
    );
    expect(made?.['key']).to.equal(5);
    expect((await things.findOneAndDelete({ key: 1 }))?.['n']).to.equal(7);
    expect(await things.findOneAndUpdate({ key: 99 }, { $set: { n: 0 } })).to.equal(null);
  });

  it('lets exactly one of many compare-and-set updates win', async () => {
    const things = fresh('cas');
    await things.insertOne({ key: 1, rev: 0 });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, by) => things.updateOne({ key: 1, rev: 0 }, { $set: { rev: 1, by } })),
    );
    expect(results.filter(({ modifiedCount }) => modifiedCount === 1)).to.have.length(1);
  });

  it('writes mixed bulks', async () => {
    const result = await fresh('bulk').bulkWrite(
      [
        { insertOne: { document: { key: 1 } } },
        { updateOne: { filter: { key: 1 }, update: { $set: { n: 1 } } } },
        { replaceOne: { filter: { key: 2 }, replacement: { key: 2 }, upsert: true } },
        { deleteOne: { filter: { key: 1 } } },
      ],
      durable,
    );
    expect([
      result.insertedCount,
      result.modifiedCount,
      result.upsertedCount,
      result.deletedCount,
    ]).to.deep.equal([1, 1, 1, 1]);
  });

  it('groups, joins, ranks and counts in pipelines', async () => {
    await fresh('rooms').insertMany([{ key: 'a', name: 'A' }, { key: 'b', name: 'B' }]); // prettier-ignore
    await fresh('talk').insertMany([1, 2, 3, 4].map((seq) => ({ room: seq < 4 ? 'a' : 'b', seq })));
    const groups = await fresh('talk')
      .aggregate([
        { $match: { seq: { $gt: 1 } } },
        { $group: { _id: '$room', n: { $sum: 1 }, last: { $max: '$seq' } } },
        { $sort: { _id: 1 } },
        { $lookup: { from: 'rooms', localField: '_id', foreignField: 'key', as: 'room' } },
        { $project: { n: 1, last: 1, name: { $first: '$room.name' } } },
      ])
      .toArray();
    expect(groups).to.deep.equal([
      { _id: 'a', n: 2, last: 3, name: 'A' },
      { _id: 'b', n: 1, last: 4, name: 'B' },
    ]);
    const [facets] = await fresh('talk')
      .aggregate([{ $facet: { all: [{ $count: 'n' }], some: [{ $limit: 2 }, { $count: 'n' }] } }])
      .toArray();
    expect(facets).to.deep.equal({ all: [{ n: 4 }], some: [{ n: 2 }] });
    const ranked = await fresh('talk')
      .aggregate([
        {
          $setWindowFields: {
            partitionBy: '$room',
            sortBy: { seq: -1 },
            output: { rank: { $documentNumber: {} } },
          },
        },
        { $match: { rank: 1 } },
        { $sort: { room: 1 } },
      ])
      .toArray();
    expect(ranked.map(({ seq }) => seq as number)).to.deep.equal([3, 4]);
    expect(await fresh('talk').countDocuments({ room: 'a' }, { limit: 2 })).to.equal(2);
    expect(await fresh('talk').estimatedDocumentCount()).to.be.a('number');
    expect((await fresh('talk').distinct('room')).toSorted()).to.deep.equal(['a', 'b']);
  });

  it('streams files of several chunks in and ranges of them out', async () => {
    const { db } = store.db;
    if (!db) throw new Error('not connected');
    const bucket = new mongoose.mongo.GridFSBucket(db, { bucketName: 'attachments' });
    const bytes = Buffer.from(Array.from({ length: 600_000 }, (_, index) => index % 251));
    const upload = bucket.openUploadStream('a.bin', { metadata: { owner: 'me' } });
    await new Promise((resolve, reject) => upload.on('finish', resolve).on('error', reject).end(bytes));
    const read = async (options?: { start: number; end: number }) =>
      Buffer.concat(await bucket.openDownloadStream(upload.id, options).toArray());
    expect((await read()).equals(bytes)).to.equal(true);
    expect((await read({ start: 255_000, end: 300_001 })).equals(bytes.subarray(255_000, 300_001))).to.equal(
      true,
    );
    await bucket.delete(upload.id);
    expect(await bucket.find({}).toArray()).to.deep.equal([]);
  });

  it('keeps a document of nearly 16 MB and refuses a larger one', async () => {
    const large = fresh('large');
    const text = 'x'.repeat(16 * 1024 * 1024 - 1_000);
    await large.insertOne({ key: 1, text });
    expect((await large.findOne({ key: 1 }))?.['text']).to.have.length(text.length);
    let failed = false;
    await large.insertOne({ key: 2, text: `${text}${text}` }).catch(() => (failed = true));
    expect(failed).to.equal(true);
    expect(await large.countDocuments({})).to.equal(1);
  }).timeout(20_000);

  it('lists and drops collections and databases', async () => {
    await store.db.createCollection('made');
    await fresh('made').insertOne({ a: 1 });
    expect((await store.db.listCollections()).map(({ name }) => name)).to.include('made');
    expect(await fresh('made').drop()).to.equal(true);
    expect((await store.db.listCollections()).map(({ name }) => name)).not.to.include('made');
    const { databases } = await store.db.getClient().db('admin').admin().listDatabases();
    expect(databases.map(({ name }) => name)).to.include(store.db.name);
  });

  it('answers writes nobody waits for as well', async () => {
    const things = fresh('silent');
    await things.insertOne({ key: 1 }, { writeConcern: { w: 0 } });
    // The next command may take another connection, so the document is waited for by asking, not by time.
    while ((await things.countDocuments({})) === 0) await things.findOne({});
    expect(await things.countDocuments({})).to.equal(1);
  });
}).timeout(20_000);
