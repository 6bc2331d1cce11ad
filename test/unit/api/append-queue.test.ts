import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_BATCH_BYTES, Pace, weigh } from '../../../api/services/log/pace.ts';
import { AppendQueue, type Queued } from '../../../api/services/log/queue.ts';

const item = (since: number, bytes = 1_000, isPatient = false): Queued => ({ since, bytes, isPatient });

describe('the queue of what is to be stored', () => {
  it('refuses what would be more than 16 MiB', () => {
    const queue = new AppendQueue<Queued>();
    const long = item(0, weigh('x'.repeat(8_000)));
    let count = 0;
    for (; queue.refusal(long) === undefined; count++) queue.push(long);
    expect(queue.bytes).to.be.at.most(16 * 1024 * 1024);
    expect(count).to.be.within(600, 700);
    expect(queue.refusal(long)).to.equal('queue');
  });

  it('refuses more than 5,000, however short', () => {
    const queue = new AppendQueue<Queued>();
    for (let i = 0; i < 5_000; i++) queue.push(item(0));
    expect(queue.refusal(item(0))).to.equal('queue');
  });

  it('refuses new ones while the oldest has waited for more than 500 ms', () => {
    const queue = new AppendQueue<Queued>();
    queue.push(item(0));
    expect(queue.refusal(item(500))).to.equal(undefined);
    expect(queue.refusal(item(501))).to.equal('age');
    expect(queue.refusal(item(501, 1_000, true))).to.equal(undefined);
    queue.take(1, 1);
    expect(queue.refusal(item(502))).to.equal(undefined);
  });

  it('gives up who has waited for more than 650 ms, and nobody else', () => {
    const queue = new AppendQueue<Queued>();
    const [late, patient, young] = [item(0), item(0, 1_000, true), item(200)];
    for (const each of [late, patient, young]) queue.push(each);
    expect(queue.expire(650)).to.deep.equal([]);
    expect(queue.expire(651)).to.deep.equal([late]);
    expect(queue.take(10, 1e9)).to.deep.equal([patient, young]);
    expect(queue.bytes).to.equal(0);
  });

  it('gives batches of at most so many and so many bytes, in order, each once, and at least one', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 * MAX_BATCH_BYTES }), { maxLength: 40 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 10 }), (all, count) => {
        const queue = new AppendQueue<Queued>();
        const items = all.map((bytes, i) => item(i, bytes));
        for (const each of items) queue.push(each);
        const taken: Queued[] = [];
        while (queue.length > 0) {
          const batch = queue.take(count, MAX_BATCH_BYTES);
          const bytes = batch.reduce((sum, each) => sum + each.bytes, 0);
          expect(batch.length).to.be.within(1, count);
          if (batch.length > 1) expect(bytes).to.be.at.most(MAX_BATCH_BYTES);
          taken.push(...batch);
        }
        expect(taken).to.deep.equal(items);
        expect(queue.bytes).to.equal(0);
      }),
    );
  });
});

describe('the pace of batches', () => {
  it('makes them smaller while inserts are slow, to a least size, and larger again', () => {
    const pace = new Pace();
    expect(pace.size).to.equal(500);
    pace.learn(301);
    expect(pace.size).to.equal(250);
    for (let i = 0; i < 20; i++) pace.learn(2_000);
    expect(pace.size).to.equal(25);
    pace.learn(200);
    expect(pace.size).to.equal(25);
    for (let i = 0; i < 20; i++) pace.learn(10);
    expect(pace.size).to.equal(500);
  });
});
