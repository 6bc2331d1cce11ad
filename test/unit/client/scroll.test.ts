import { expect } from 'chai';
import fc from 'fast-check';
import { coalesce } from '../../../client/src/lib/scroll/frame.ts';
import { distanceToEnd, follows, isAtEnd, wantsOlder } from '../../../client/src/lib/scroll/geometry.ts';
import { steps } from '../../../client/src/lib/scroll/steps.ts';

const keys = (...names: string[]): { key: string }[] => names.map((key) => ({ key }));

describe('scroll geometry', () => {
  const atEnd = { offset: 400, size: 1_000, viewport: 600 };
  const above = { offset: 100, size: 3_000, viewport: 600 };

  it('measures how far the end is', () => {
    expect(distanceToEnd(atEnd)).to.equal(0);
    expect(distanceToEnd(above)).to.equal(2_300);
    expect(distanceToEnd({ offset: 900, size: 1_000, viewport: 600 })).to.equal(0);
  });
  it('takes a few pixels short of the end for the end', () => {
    expect(isAtEnd({ ...atEnd, offset: 370 })).to.equal(true);
    expect(isAtEnd({ ...atEnd, offset: 300 })).to.equal(false);
  });
  it('asks for older messages before the start is reached', () => {
    expect(wantsOlder(above)).to.equal(true);
    expect(wantsOlder({ ...above, offset: 2_000 })).to.equal(false);
  });
  it('goes on following when rows push the end away', () => {
    expect(follows(true, above, false)).to.equal(true);
  });
  it('stops following when the reader moves away, and starts again at the end', () => {
    expect(follows(true, above, true)).to.equal(false);
    expect(follows(false, above, false)).to.equal(false);
    expect(follows(false, atEnd, true)).to.equal(true);
  });
});

describe('steps of a growing list', () => {
  it('append in one, without a shift', () => {
    expect(steps(keys('a', 'b'), keys('a', 'b', 'c'))).to.deep.equal([
      { rows: keys('a', 'b', 'c'), shift: false },
    ]);
  });
  it('prepend in one, held from the end', () => {
    expect(steps(keys('b', 'c'), keys('a', 'b', 'c'))).to.deep.equal([
      { rows: keys('a', 'b', 'c'), shift: true },
    ]);
  });
  it('take both ends in two', () => {
    expect(steps(keys('b'), keys('a', 'b', 'c'))).to.deep.equal([
      { rows: keys('a', 'b'), shift: true },
      { rows: keys('a', 'b', 'c'), shift: false },
    ]);
  });
  it('end with what was asked for, whatever came where', () => {
    const list = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map(String), { maxLength: 12 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const made = steps(keys(...before), keys(...after));
        expect(made.length).to.be.within(1, 2);
        expect(made.at(-1)?.rows).to.deep.equal(keys(...after));
      }),
    );
  });
});

describe('coalesce', () => {
  it('runs once for many requests in one turn, and again in the next', () => {
    const turns: (() => void)[] = [];
    let runs = 0;
    const frame = coalesce(
      () => (runs += 1),
      (callback) => {
        turns.push(callback);
        return () => undefined;
      },
    );
    frame.request();
    frame.request();
    expect(turns).to.have.length(1);
    turns.shift()?.();
    frame.request();
    turns.shift()?.();
    expect(runs).to.equal(2);
  });
});
