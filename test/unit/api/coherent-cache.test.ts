import { expect } from 'chai';
import { CoherentCache } from '../../../api/services/coherent-cache.ts';

interface Value {
  readonly n: number;
}
/** A load that ends when the test says so. */
function slow(): {
  readonly load: () => Promise<Value>;
  readonly finish: (n: number) => void;
  readonly calls: () => number;
} {
  let calls = 0;
  let finish: (value: Value) => void = () => undefined;
  const load = () => {
    calls++;
    return new Promise<Value>((resolve) => (finish = resolve));
  };
  return { load, finish: (n) => finish({ n }), calls: () => calls };
}

describe('a coherent cache', () => {
  const cacheOf = () => new CoherentCache<Value>({ max: 10 });

  it('loads once for callers that come meanwhile', async () => {
    const cache = cacheOf();
    const { load, finish, calls } = slow();
    const both = Promise.all([cache.get('a', load), cache.get('a', load)]);
    finish(1);
    expect(await both).to.deep.equal([{ n: 1 }, { n: 1 }]);
    expect(calls()).to.equal(1);
    expect(cache.peek('a')).to.deep.equal({ n: 1 });
  });

  it('answers, but does not keep, a load that began before an invalidation', async () => {
    const cache = cacheOf();
    const { load, finish } = slow();
    const stale = cache.get('a', load);
    cache.invalidate('a');
    finish(1);
    expect(await stale).to.deep.equal({ n: 1 });
    expect(cache.peek('a')).to.be.undefined;
  });

  it('does not share a load that began before an invalidation', async () => {
    const cache = cacheOf();
    const before = slow();
    const after = slow();
    const stale = cache.get('a', before.load);
    cache.invalidate('a');
    const fresh = cache.get('a', after.load);
    after.finish(2);
    expect(await fresh).to.deep.equal({ n: 2 });
    before.finish(1);
    await stale;
    expect(cache.peek('a')).to.deep.equal({ n: 2 });
  });

  it('keeps nothing of a load that failed', async () => {
    const cache = cacheOf();
    const failed = await cache
      .get('a', () => Promise.reject(new Error('away')))
      .catch((error: unknown) => error);
    expect(failed).to.be.an('error');
    expect(await cache.get('a', () => Promise.resolve({ n: 3 }))).to.deep.equal({ n: 3 });
  });

  it('loads what is missing of many in one go', async () => {
    const cache = cacheOf();
    await cache.get('a', () => Promise.resolve({ n: 1 }));
    const asked: string[] = [];
    const found = await cache.getMany(['a', 'b', 'b', 'c'], (missing) => {
      asked.push(...missing);
      return Promise.resolve(new Map([['b', { n: 2 }]]));
    });
    expect(asked).to.deep.equal(['b', 'c']);
    expect([...found]).to.deep.equal([
      ['a', { n: 1 }],
      ['b', { n: 2 }],
    ]);
    expect(cache.peek('c')).to.be.undefined;
  });

  it('keeps nothing of many that was invalidated while it was read', async () => {
    const cache = cacheOf();
    await cache.getMany(['a', 'b'], () => {
      queueMicrotask(() => cache.invalidate('a'));
      return new Promise((resolve) => {
        setImmediate(() =>
          resolve(
            new Map([
              ['a', { n: 1 }],
              ['b', { n: 2 }],
            ]),
          ),
        );
      });
    });
    expect(cache.peek('a')).to.be.undefined;
    expect(cache.peek('b')).to.deep.equal({ n: 2 });
  });
});
