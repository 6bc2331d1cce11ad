import { expect } from 'chai';
import { Quotes } from '../../../shared/sdk/quotes.ts';
import { until } from './world.ts';

describe('quoted messages', () => {
  const make = () => {
    const asked: (readonly number[])[] = [];
    const quotes = new Quotes({
      fetch: (seqs) => {
        asked.push(seqs);
        return Promise.resolve([]);
      },
      held: () => [],
      warn: () => undefined,
    });
    return { asked, quotes };
  };

  it('are fetched together, once, also before the room itself is known', async () => {
    const { asked, quotes } = make();
    for (const seq of [3, 5, 3]) quotes.want(seq);
    await until(quotes.messages, (found) => found.size === 2);
    expect(quotes.messages.get().get(3)).to.equal(null);
    expect(asked).to.deep.equal([[3, 5]]);
  });

  it('are not asked for in a room that is gone, until one is let in again', async () => {
    const { asked, quotes } = make();
    quotes.want(1);
    await until(quotes.messages, (found) => found.size === 1);
    quotes.end();
    quotes.want(1);
    quotes.begin();
    quotes.want(2);
    await until(quotes.messages, (found) => found.size === 1);
    expect(asked).to.deep.equal([[1], [2]]);
  });
});
