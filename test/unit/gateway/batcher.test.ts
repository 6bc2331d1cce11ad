import { expect } from 'chai';
import { Batcher, type BatcherOptions } from '../../../gateway/batcher.ts';

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(String, (error: unknown) => error);

describe('gateway batcher whose batches hang', () => {
  function hanging(more: Partial<BatcherOptions<number, number>> = {}) {
    const finish: (() => void)[] = [];
    const batches: (readonly number[])[] = [];
    const batcher = new Batcher<number, number>({
      run: (items) =>
        new Promise((resolve) => {
          batches.push(items);
          finish.push(() => resolve(items));
        }),
      maxWeight: 1,
      maxInFlight: 1,
      maxQueued: 100,
      ...more,
    });
    return { batcher, finish, batches };
  }
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('refuses what would weigh too much together', async () => {
    const { batcher, finish } = hanging({ weigh: (item) => item, maxQueuedWeight: 10 });
    const first = batcher.call(1);
    await turn();
    const [second, third] = [batcher.call(6), batcher.call(4)];
    expect(await caught(batcher.call(1))).to.include({ code: 'overloaded', retry: true });
    finish[0]?.();
    await first;
    await turn();
    void batcher.call(6);
    finish[1]?.();
    await second;
    await turn();
    finish[2]?.();
    expect(await third).to.equal(4);
  });

  it('refuses who waits too long, but not what is under way', async () => {
    const { batcher, finish, batches } = hanging({ maxWaitMs: 60 });
    const first = batcher.call(1);
    await turn();
    const late = await caught(batcher.call(2));
    expect(late).to.include({ code: 'overloaded', retry: true, retryAfterMs: 1_000 });
    expect(batcher.queued).to.equal(0);
    finish[0]?.();
    expect(await first).to.equal(1);
    expect(batches).to.deep.equal([[1]]);
  });

  it('takes new items again once it goes on', async () => {
    const { batcher, finish } = hanging({ maxWaitMs: 60, weigh: () => 5, maxQueuedWeight: 10 });
    void batcher.call(1);
    await turn();
    await Promise.all([caught(batcher.call(2)), caught(batcher.call(3))]);
    finish[0]?.();
    await turn();
    const next = batcher.call(4);
    await turn();
    finish[1]?.();
    expect(await next).to.equal(4);
    expect(batcher.age).to.equal(0);
  });

  it('tells how many items each batch has, and how many are under way', async () => {
    const sizes: number[] = [];
    const { batcher } = hanging({ maxWeight: 10, onBatch: (items) => sizes.push(items) });
    for (let i = 0; i < 5; i++) void batcher.call(i);
    await turn();
    expect(sizes).to.deep.equal([5]);
    expect(batcher.inFlight).to.equal(1);
  });
});
