import { expect } from 'chai';
import { provoke } from '../../chaos/broken/faults.ts';
import { BROKEN } from '../../chaos/options.ts';
import { seeded } from '../../chaos/random.ts';
import { describe as inWords, plan } from '../../chaos/schedule.ts';

const MINUTE = 60_000;

describe('the chaos schedule', () => {
  it('is the same for the same seed', () => {
    expect(plan(seeded(7), 5 * MINUTE)).to.deep.equal(plan(seeded(7), 5 * MINUTE));
    expect(plan(seeded(7), 5 * MINUTE)).not.to.deep.equal(plan(seeded(8), 5 * MINUTE));
  });
  it('has a fault every 10 s at least on average, in order, and is over in time', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const faults = plan(seeded(seed), 3 * MINUTE);
      expect(faults.length, `seed ${seed}`).to.be.at.least(18);
      for (const [i, { at, fault }] of faults.entries()) {
        expect(at).to.be.at.least(faults[i - 1]?.at ?? 0);
        expect(at + ('ms' in fault ? fault.ms : 0), inWords(fault)).to.be.at.most(3 * MINUTE);
      }
    }
  });
  it('keeps a seed’s own faults where others are added for a part that is switched off', () => {
    const own = plan(seeded(7), 2 * MINUTE);
    for (const broken of BROKEN) {
      const all = provoke(broken, seeded(7), own, 2 * MINUTE);
      expect(all.length, broken).to.be.above(own.length);
      expect(all.filter((fault) => own.includes(fault))).to.deep.equal(own);
      expect(all.map(({ at }) => at)).to.deep.equal(all.map(({ at }) => at).sort((a, b) => a - b));
    }
  });
});
