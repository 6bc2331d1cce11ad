import { expect } from 'chai';
import type { Known } from '../../../../api/services/previews/cache.ts';
import type { Card } from '../../../../api/services/previews/card.ts';
import { Previews } from '../../../../api/services/previews/previews.ts';
import type { LogEntry } from '../../../../api/store/log.ts';

const entry = (seq: number, text: string, more: object = {}): LogEntry =>
  ({ kind: 'text', seq, text, ...more }) as LogEntry;

describe('previews of a room’s messages', () => {
  const make = (entries: readonly LogEntry[], options: { enabled?: boolean; wait?: number } = {}) => {
    const cards = new Map<string, Known>();
    const fetched: string[] = [];
    const open: ((card: Card | undefined) => void)[] = [];
    const previews = new Previews({
      enabled: true,
      cache: {
        get: (url) => Promise.resolve(cards.get(url)),
        set: (url, card) => Promise.resolve(void cards.set(url, card)),
      },
      fetch: (url) => {
        fetched.push(url);
        return new Promise((resolve) => open.push(resolve));
      },
      messages: () => Promise.resolve(entries),
      ...options,
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    return {
      previews,
      cards,
      fetched,
      open,
      turn,
      of: async () => (await previews.of('u', 'r', [1])).previews,
    };
  };

  it('come once for an address that many ask for, and stay known', async () => {
    const { of, fetched, open, turn } = make([
      entry(1, 'https://a.example'),
      entry(2, 'x https://a.example/'),
    ]);
    const both = Promise.all([of(), of()]);
    await turn();
    expect(fetched).to.deep.equal(['https://a.example/']);
    open[0]?.({ title: 'A' });
    const expected = [1, 2].map((seq) => ({ seq, url: 'https://a.example/', title: 'A' }));
    expect(await both).to.deep.equal([expected, expected]);
    expect(await of()).to.deep.equal(expected);
    expect(fetched).to.have.length(1);
  });
  it('are none for deleted messages, notices, and texts without a link', async () => {
    const { of, fetched } = make([
      entry(1, 'https://a.example', { deletedAt: new Date() }),
      entry(2, 'https://a.example', { kind: 'notice' }),
      entry(3, 'nothing'),
    ]);
    expect(await of()).to.deep.equal([]);
    expect(fetched).to.deep.equal([]);
  });
  it('are none, and nothing is fetched, where they are switched off', async () => {
    const { of, fetched } = make([entry(1, 'https://a.example')], { enabled: false });
    expect(await of()).to.deep.equal([]);
    expect(fetched).to.deep.equal([]);
  });
  it('are fetched four at a time; a hundred wait, and more are left out', async () => {
    const entries = Array.from({ length: 200 }, (_, i) => entry(i + 1, `https://a.example/${i}`));
    const { of, fetched, open, turn } = make(entries);
    const asked = of();
    await turn();
    expect(fetched).to.have.length(4);
    for (let i = 0; i < 200; i += 1) {
      open.shift()?.({ title: 'x' });
      await turn();
      expect(open.length).to.be.at.most(4);
    }
    expect(await asked).to.have.length(104);
    expect(fetched).to.have.length(104);
  });
  it('that take too long are left out, and are there for the next who asks', async () => {
    const { of, open, turn } = make([entry(1, 'https://a.example')], { wait: 5 });
    expect(await of()).to.deep.equal([]);
    open[0]?.({ title: 'late' });
    await turn();
    expect((await of())[0]?.title).to.equal('late');
  });
});
