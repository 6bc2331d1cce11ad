import { expect } from 'chai';
import fc from 'fast-check';
import { coalesce } from '../../../client/src/lib/scroll/frame.ts';
import { distanceToEnd, follows, isAtEnd, wantsOlder } from '../../../client/src/lib/scroll/geometry.ts';
import { RowHeights } from '../../../client/src/lib/scroll/row-heights.ts';
import { nextSpan, NO_ROWS, rowAt, spanAround } from '../../../client/src/lib/scroll/span.ts';

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
    expect(follows(true, above, 'none')).to.equal(true);
    expect(follows(true, above, 'down')).to.equal(true);
  });
  it('stops following when the reader moves away, by however little', () => {
    expect(follows(true, above, 'up')).to.equal(false);
    expect(follows(true, { ...atEnd, offset: 390 }, 'up')).to.equal(false);
    expect(follows(false, { ...atEnd, offset: 390 }, 'none')).to.equal(false);
  });
  it('starts again where the reader comes back to the end', () => {
    expect(follows(false, above, 'down')).to.equal(false);
    expect(follows(false, { ...atEnd, offset: 370 }, 'down')).to.equal(true);
    expect(follows(false, atEnd, 'none')).to.equal(true);
  });
});

const ROWS = { heights: fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 300 }) };
/** Where row `index` begins. */
const topOf = (heights: readonly number[], index: number): number =>
  heights.slice(0, index).reduce((sum, height) => sum + height, 0);

describe('the rows drawn of a long list', () => {
  it('cover what is seen and a margin, or all there are, and are few', () => {
    const place = fc.record({ ...ROWS, at: fc.nat(), top: fc.integer({ min: -500, max: 1_000 }) });
    fc.assert(
      fc.property(place, ({ heights, at, top }) => {
        const index = at % heights.length;
        const heightOf = (one: number): number => heights[one] ?? 0;
        const { start, end } = spanAround(heightOf, heights.length, { index, top, viewport: 900 });
        const offset = top - topOf(heights, index);
        const [first, last] = [offset + topOf(heights, start), offset + topOf(heights, end)];
        expect(start).to.be.below(end);
        if (start > 0) expect(first).to.be.at.most(0);
        if (end < heights.length && first < 900) expect(last).to.be.at.least(900);
        const inside = heights.slice(start, end).filter((height, i) => {
          const from = first + topOf(heights.slice(start), i);
          return from + height >= 0 && from <= 900;
        });
        expect(end - start - inside.length).to.be.at.most(62);
      }),
    );
  });
  it('become all that belong there in steps that draw few, and cover what is seen at each', () => {
    const place = fc.record({
      ...ROWS,
      at: fc.nat(),
      top: fc.integer({ min: 0, max: 800 }),
      moved: fc.nat(900),
    });
    fc.assert(
      fc.property(place, ({ heights, at, top, moved }) => {
        const heightOf = (one: number): number => heights[one] ?? 0;
        const around = { index: at % heights.length, top, viewport: 900 };
        const next = { ...around, top: top + moved };
        const [least, whole] = [
          spanAround(heightOf, heights.length, next, 400),
          spanAround(heightOf, heights.length, next),
        ];
        let drawn = nextSpan(heightOf, heights.length, around, NO_ROWS);
        expect(drawn).to.deep.equal(spanAround(heightOf, heights.length, around));
        for (let steps = 0; steps < 10; steps += 1) {
          const before = drawn;
          drawn = nextSpan(heightOf, heights.length, next, before);
          expect(drawn.start).to.be.within(whole.start, least.start);
          expect(drawn.end).to.be.within(least.end, whole.end);
          if (steps > 0) expect(before.start - drawn.start).to.be.at.most(8);
          if (steps > 0) expect(drawn.end - before.end).to.be.at.most(8);
        }
        expect(drawn).to.deep.equal(whole);
      }),
    );
  });
  it('begin where the list was dragged to', () => {
    fc.assert(
      fc.property(ROWS.heights, fc.nat(), fc.nat(), (heights, from, to) => {
        const begin = from % heights.length;
        const wanted = to % topOf(heights, heights.length);
        const heightOf = (one: number): number => heights[one] ?? 0;
        const { index, top } = rowAt(heightOf, heights.length, begin, wanted - topOf(heights, begin));
        expect(topOf(heights, index) - wanted).to.equal(top);
        expect(top).to.be.at.most(0);
        expect(top + heightOf(index)).to.be.above(0);
      }),
    );
  });
});

describe('the heights of rows', () => {
  const rows = Array.from({ length: 40 }, (_, at) => ({ key: String(at) }));

  it('are those measured, and for the others the mean of the first ones, which then stays', () => {
    const heights = new RowHeights();
    for (const { key } of rows.slice(0, 20)) heights.note(key, 30);
    expect(heights.sum(rows, 0, 40)).to.equal(40 * 30);
    heights.note('20', 300);
    expect(heights.of(rows[20])).to.equal(300);
    expect(heights.of(rows[21])).to.equal(30);
  });
  it('of rows that are gone are let go of', () => {
    const heights = new RowHeights();
    for (let key = 0; key < 6_000; key += 1) heights.note(String(key), key < 20 ? 10 : 50);
    heights.note('0', 99);
    heights.prune(rows);
    expect(heights.of(rows[0])).to.equal(99);
    expect(heights.of({ key: '5999' })).to.equal(10);
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
