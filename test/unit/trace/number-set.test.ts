import { expect } from 'chai';
import fc from 'fast-check';
import { holds, NumberSet } from '../../../shared/node/number-set.ts';

const setOf = (numbers: readonly number[]): NumberSet => {
  const set = new NumberSet();
  for (const n of numbers) set.add(n);
  return set;
};

describe('a set of numbers in a log line', () => {
  it('writes runs as ranges, whatever their order', () => {
    expect(String(setOf([12, 13, 14, 17]))).to.equal('12-14,17');
    expect(String(setOf([17, 14, 12, 13, 13]))).to.equal('12-14,17');
    expect(String(new NumberSet())).to.equal('');
  });

  it('takes whole ranges', () => {
    const set = new NumberSet();
    set.add(5, 9);
    set.add(10, 12);
    set.add(7, 8);
    set.add(20, 19);
    expect(String(set)).to.equal('5-12');
  });

  it('holds what was added, and never denies it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 300 }), (numbers) => {
        const text = String(setOf(numbers));
        for (const n of numbers) expect(holds(text, n)).to.not.equal('no');
        for (let n = 0; n <= 401; n++) if (holds(text, n) === 'yes') expect(numbers).to.include(n);
      }),
    );
  });

  it('stays short, and says where it was cut', () => {
    const text = String(setOf(Array.from({ length: 10_000 }, (_, i) => i * 2)));
    expect(text.length).to.be.lessThan(600);
    expect(holds(text, 4)).to.equal('yes');
    expect(holds(text, 5)).to.equal('no');
    expect(holds(text, 15_000)).to.equal('maybe');
    expect(holds(text, 30_000)).to.equal('no');
  });

  it('finds nothing in what is no such text', () => {
    for (const text of ['', 'x', '1-', '-3', '~', '1.5', '3 4']) expect(holds(text, 3)).to.equal('no');
  });
});
