import { expect } from 'chai';
import { Turnstile } from '../../../shared/node/turnstile.ts';

describe('a turnstile', () => {
  it('lets so many through at a time, in the order in which they came, also past those that fail', async () => {
    const turnstile = new Turnstile(3);
    const order: number[] = [];
    let inside = 0;
    let most = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) =>
        turnstile.run(async () => {
          order.push(i);
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
          if (i % 5 === 0) throw new Error('failed');
          return i;
        }),
      ),
    );
    expect(order).to.deep.equal(Array.from({ length: 50 }, (_, i) => i));
    expect(most).to.equal(3);
    expect(results.filter(({ status }) => status === 'rejected')).to.have.length(10);
    expect(turnstile.waiting).to.equal(0);
  });

  it('lets one more in for each that leaves, once', async () => {
    const turnstile = new Turnstile(2);
    const entered: number[] = [];
    const leave = await Promise.all([turnstile.enter(), turnstile.enter()]);
    const third = turnstile.enter().then((out) => {
      entered.push(3);
      return out;
    });
    const fourth = turnstile.enter().then(() => entered.push(4));
    leave[0]?.();
    leave[0]?.();
    const out = await third;
    expect(entered).to.deep.equal([3]);
    out();
    await fourth;
    expect(entered).to.deep.equal([3, 4]);
  });
});
