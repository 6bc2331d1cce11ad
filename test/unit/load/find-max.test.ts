import { expect } from 'chai';
import { findMax, type Step } from '../../../load/find-max.ts';

const step = (rate: number, ok: boolean): Step => ({
  ...{ rate, ok, acked: rate, deliveries: rate, p50: 1, p99: 2, errors: 0, why: ok ? '' : 'p99' },
});

/** The rates that were tried, and the answer, where everything above `limit` breaks. */
async function search(first: number, limit: number): Promise<{ held: number; tried: number[] }> {
  const tried: number[] = [];
  const held = await findMax(first, async (rate) => {
    tried.push(rate);
    return step(rate, rate <= limit);
  });
  return { held, tried };
}

describe('findMax', () => {
  it('comes within a few percent of the highest rate that holds', async () => {
    for (const limit of [100, 137, 999, 5_000, 12_345]) {
      const { held, tried } = await search(100, limit);
      expect(held).to.be.at.most(limit);
      expect(held).to.be.above(limit * 0.95);
      expect(tried.length).to.be.below(20);
    }
  });

  it('goes down when the first rate is too much', async () => {
    expect((await search(1_000, 300)).held).to.be.within(280, 300);
  });

  it('gives 0 when not even a tenth holds', async () => {
    expect((await search(1_000, 50)).held).to.equal(0);
  });

  it('gives what held when it is stopped', async () => {
    const held = await findMax(100, async (rate) => (rate > 200 ? undefined : step(rate, true)));
    expect(held).to.equal(150);
  });
});
