import { expect } from 'chai';
import { Quotes } from '../../../shared/sdk/quotes.ts';
import { until } from './world.ts';

describe('quoted messages', () => {
  const make = () => {
    const asked: (readonly number[])[] = [];
    const state = { open: true };
    const quotes = new Quotes({
      fetch: (seqs) => {
        asked.push(seqs);
        return Promise.resolve([]);
      },
      held: () => [],
      isOpen: () => state.open,
      warn: () => undefined,
    });
    return { asked, state, quotes };
  };

  it('are fetched together, once', async () => {
    const { asked, quotes } = make();
    for (const seq of [3, 5, 3]) quotes.want(seq);
    await until(quotes.messages, (found) => found.size === 2);
    expect(quotes.messages.get().get(3)).to.equal(null);
    expect(asked).to.deep.equal([[3, 5]]);
  });

  it('are not asked for in a room that is gone', async () => {
    const { asked, state, quotes } = make();
    quotes.want(1);
    await until(quotes.messages, (found) => found.size === 1);
    state.open = false;
    quotes.clear();
    quotes.want(1);
    state.open = true;
    quotes.want(2);
    await until(quotes.messages, (found) => found.size === 1);
    expect(asked).to.deep.equal([[1], [2]]);
  });
});
