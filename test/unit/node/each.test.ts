import { expect } from 'chai';
import { each } from '../../../shared/node/each.ts';

const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe('each', () => {
  it('gives the results in order, with so many under way at once', async () => {
    let [inside, most] = [0, 0];
    const results = await each(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 3, async (item, i) => {
      most = Math.max(most, ++inside);
      for (let n = 7; n > i; n -= 1) await turn();
      inside -= 1;
      return `${item}${i}`;
    });
    expect(results).to.deep.equal(['a0', 'b1', 'c2', 'd3', 'e4', 'f5', 'g6']);
    expect(most).to.equal(3);
  });

  it('begins nothing more once one has failed', async () => {
    const begun: number[] = [];
    const run = each([0, 1, 2, 3, 4, 5], 2, async (n) => {
      begun.push(n);
      await turn();
      if (n === 0) throw new Error('no');
      await turn();
    });
    expect(await run.catch((error: unknown) => error)).to.have.property('message', 'no');
    for (let n = 0; n < 20; n += 1) await turn();
    expect(begun).to.deep.equal([0, 1]);
  });
});
