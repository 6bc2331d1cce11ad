import { expect } from 'chai';
import { rarestFirst } from '../../../../api/services/search/rarest.ts';
import type { SearchFilter } from '../../../../api/store/search.ts';

describe('the terms of a search', () => {
  const asked: string[] = [];
  const rows: Readonly<Record<string, number>> = { common: 90_000, rare: 3, 'from:x': 40, absent: 0 };
  const store = {
    count: async (_rooms: readonly string[], term: string, most: number) => {
      asked.push(term);
      return Math.min(most, rows[term] ?? 0);
    },
  };
  const first = async (...all: string[]): Promise<readonly string[]> => {
    asked.length = 0;
    const filter: SearchFilter = { rooms: ['r'], all, none: [], has: [] };
    return (await rarestFirst(store, filter, 1_000)).all;
  };

  it('have the rarest first, and all of them still', async () => {
    expect(await first('common', 'from:x', 'rare')).to.deep.equal(['rare', 'common', 'from:x']);
    expect(await first('common', 'absent')).to.deep.equal(['absent', 'common']);
  });

  it('stay in their order where they are as common as one another, or alone', async () => {
    expect(await first('absent', 'unknown')).to.deep.equal(['absent', 'unknown']);
    expect(await first('rare')).to.deep.equal(['rare']);
    expect(asked, 'one alone is not counted').to.deep.equal([]);
  });

  it('are compared up to four', async () => {
    await first('a', 'b', 'c', 'd', 'e', 'f');
    expect(asked).to.have.length(4);
  });
});
