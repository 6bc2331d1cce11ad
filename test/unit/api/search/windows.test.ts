import { expect } from 'chai';
import fc from 'fast-check';
import { windowsOf } from '../../../../api/services/search/windows.ts';
import type { SearchFilter } from '../../../../api/store/search.ts';

const DAY = 86_400_000;

describe('the windows of a search', () => {
  it('hold every moment once, newest first', () => {
    const now = 1_000 * DAY;
    const moment = fc.integer({ min: 0, max: now + DAY }).map((ms) => new Date(ms));
    const optional = fc.option(moment, { nil: undefined });
    fc.assert(
      fc.property(optional, optional, optional, moment, (after, before, place, at) => {
        const behind = place === undefined ? undefined : { at: place, id: 'a'.repeat(24) };
        const filter: SearchFilter = { rooms: [], all: [], none: [], has: [], after, before, behind };
        const windows = windowsOf(filter, now);
        const holds = (part: SearchFilter): boolean =>
          (part.after === undefined || at >= part.after) && (part.before === undefined || at < part.before);
        expect(windows.filter(holds)).to.have.length(holds(filter) ? 1 : 0);
        const ends = windows.map((part) => part.before?.getTime() ?? Infinity);
        expect(ends).to.deep.equal(ends.toSorted((a, b) => b - a));
      }),
    );
  });
});
