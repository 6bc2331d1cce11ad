import { expect } from 'chai';
import fc from 'fast-check';
import { addRange, dropBelow, rangeAt, type Range } from '../../../shared/wire/ranges.ts';

const range = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([from, size]): Range => ({ from, to: from + size }));

describe('ranges', () => {
  it('hold exactly the numbers added, ascending, disjoint, never touching', () => {
    fc.assert(
      fc.property(fc.array(range), (added) => {
        const set = added.reduce<readonly Range[]>((ranges, next) => addRange(ranges, next), []);
        for (let value = 0; value <= 80; value += 1) {
          const held = added.some(({ from, to }) => from <= value && value <= to);
          expect(rangeAt(set, value) !== undefined).to.equal(held);
        }
        set.slice(1).forEach((next, index) => {
          expect(next.from).to.be.above(set[index]!.to + 1);
        });
      }),
    );
  });

  it('keep an empty range as a place that can grow', () => {
    expect(addRange([{ from: 1, to: 0 }], { from: 1, to: 3 })).to.deep.equal([{ from: 1, to: 3 }]);
    expect(rangeAt([{ from: 1, to: 0 }], 1)).to.equal(undefined);
  });

  it('can be cut from below', () => {
    expect(
      dropBelow(
        [
          { from: 1, to: 3 },
          { from: 5, to: 9 },
        ],
        7,
      ),
    ).to.deep.equal([{ from: 7, to: 9 }]);
  });
});
