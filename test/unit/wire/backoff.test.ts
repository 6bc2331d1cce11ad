import { expect } from 'chai';
import fc from 'fast-check';
import { Backoff } from '../../../shared/wire/backoff.ts';

describe('Backoff', () => {
  it('waits anywhere in a window that doubles up to the cap', () => {
    const backoff = new Backoff({ base: 500, cap: 30_000, random: () => 1 });
    const waits = Array.from({ length: 9 }, () => backoff.next());
    expect(waits).to.deep.equal([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(new Backoff({ random: () => 0 }).next()).to.equal(0);
  });

  it('never cuts short what the server asked for, and never sleeps for hours', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 300_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (asked, jitter) => {
          const wait = new Backoff({ random: () => jitter }).next(asked);
          expect(wait).to.be.within(asked, asked + 500);
        },
      ),
    );
    expect(new Backoff({ random: () => 0 }).next(1e12)).to.equal(300_000);
    expect(new Backoff({ random: () => 0 }).next(-5)).to.equal(0);
  });

  it('starts anew after a reset', () => {
    const backoff = new Backoff({ base: 500, random: () => 1 });
    for (let i = 0; i < 50; i += 1) backoff.next();
    backoff.reset();
    expect(backoff.next()).to.equal(500);
    expect(backoff.attempt).to.equal(1);
  });
});
