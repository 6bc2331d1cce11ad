import { expect } from 'chai';
import fc from 'fast-check';
import { toRow } from '../../../../api/services/search/rows.ts';
import { Search, type SearchRequest } from '../../../../api/services/search/search.ts';
import type { LogEntry } from '../../../../api/store/log.ts';
import { MemorySearchStore } from '../../../../api/store/search-memory.ts';
import type { Hit, SearchFilter } from '../../../../api/store/search.ts';
import { ParleyError } from '../../../../shared/node/errors.ts';
import type { SearchResults } from '../../../../shared/wire/rest.ts';

const ROOM = 'a'.repeat(24);
const ANN = 'b'.repeat(24);
const DAY = 86_400_000;

class SlowStore extends MemorySearchStore {
  looks = 0;
  counts = 0;
  /** Looks after which the store is too slow. */
  quick = Infinity;
  override async find(filter: SearchFilter, limit: number): Promise<readonly Hit[]> {
    this.looks += 1;
    if (this.looks > this.quick) throw new ParleyError('overloaded', 'too slow');
    return super.find(filter, limit);
  }
  override async count(_rooms: readonly string[], _term: string, most: number): Promise<number> {
    this.counts += 1;
    return most;
  }
}

/** Messages of a minute each, the newest now. */
async function setup(texts: readonly string[], apart = 60_000) {
  const now = Date.now();
  const entries = texts.map((text, i): LogEntry => ({
    id: (i + 1).toString(16).padStart(24, '0'),
    room: ROOM,
    seq: i + 1,
    rev: i + 1,
    kind: 'text',
    sender: ANN,
    at: new Date(now - (texts.length - i) * apart),
    text,
  }));
  const store = new SlowStore();
  await store.put(entries.map(toRow));
  const log = new Map(entries.map((entry) => [entry.seq, entry]));
  let held: Promise<void> | undefined;
  const search = new Search({
    store,
    members: { ofUser: async () => [{ room: ROOM }] as never },
    membership: { require: async () => ({}) as never },
    users: { resolve: async () => [] },
    reader: {
      among: async (places) => {
        await held;
        return places.flatMap(({ seq }) => log.get(seq) ?? []);
      },
    },
    patience: { ask: (work) => work() },
    present: async (found) => found.map(({ text }) => ({ text })) as never,
  });
  const find = (request: Partial<SearchRequest> & { q: string }): Promise<SearchResults> =>
    search.find(ANN, { has: [], limit: 50, ...request });
  const hold = (until: Promise<void>): void => void (held = until);
  return { store, log, entries, find, hold };
}
const texts = ({ results }: SearchResults): string[] => results.map(({ text }) => text);

describe('finding messages', () => {
  it('pages through each message that fits once, whatever the query and the size of the page', async () => {
    const word = fc.constantFrom('red', 'green', 'blue');
    const message = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
    const query = fc.constantFrom('red', 'red green', '"red green"', 'blue -red', '-"red red" green');
    const limits = fc.constantFrom(1, 2, 3, 7, 50);
    const spacing = fc.constantFrom(1, 60_000, DAY);
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 40 }),
        query,
        limits,
        spacing,
        async (all, q, limit, apart) => {
          const { find } = await setup(all, apart);
          const whole = texts(await find({ q, limit: 200 }));
          const seen: string[] = [];
          let cursor: string | undefined;
          do {
            const page: SearchResults = await find({ q, limit, cursor });
            expect(page.results.length).to.be.at.most(limit);
            seen.push(...texts(page));
            cursor = page.next;
          } while (cursor !== undefined);
          expect(seen).to.deep.equal(whole);
        },
      ),
    );
  });

  it('fills a page also where few of the messages with all words have the phrase', async () => {
    const { find } = await setup(
      Array.from({ length: 1_000 }, (_, i) => (i % 100 === 0 ? 'red green' : 'green red')),
    );
    expect((await find({ q: '"red green"' })).results).to.have.length(10);
  });

  it('asks the index three times at most, and how common a word is once, however rare a phrase is', async () => {
    const { store, find } = await setup(
      Array.from({ length: 2_000 }, (_, i) => (i === 0 ? 'red green' : 'green red')),
      DAY / 10,
    );
    const { results, next } = await find({ q: '"red green"' });
    expect(results).to.deep.equal([]);
    expect(next).to.be.a('string');
    expect([store.looks, store.counts]).to.deep.equal([3, 2]);
  });

  it('gives what it has and where to go on when it has looked often enough', async () => {
    const { find } = await setup(
      Array.from({ length: 3_000 }, (_, i) => (i === 0 ? 'red green' : 'green red')),
    );
    const first = await find({ q: '"red green"' });
    expect(first.results).to.deep.equal([]);
    expect(texts(await find({ q: '"red green"', cursor: first.next }))).to.deep.equal(['red green']);
  });

  it('gives what it has when the store becomes too slow on the way', async () => {
    const { store, find } = await setup(
      Array.from({ length: 1_000 }, (_, i) => (i % 100 === 99 ? 'red green' : 'green red')),
    );
    store.quick = 1;
    const { results, next } = await find({ q: '"red green"' });
    expect(results).to.have.length(4);
    store.quick = Infinity;
    expect((await find({ q: '"red green"', cursor: next })).results).to.have.length(6);
  });

  it('is overloaded when already the first look takes too long', async () => {
    const { store, find } = await setup(['red']);
    store.quick = 0;
    const error = await find({ q: 'red' }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ParleyError).with.property('code', 'overloaded');
  });

  it('shows no message that was deleted, reworded or taken away since it was indexed', async () => {
    const { log, entries, find } = await setup(['red one', 'red two', 'red three', 'red four']);
    const [one, two, three] = entries.map(({ seq }) => seq);
    log.set(one!, { ...entries[0]!, deletedAt: new Date() });
    log.set(two!, { ...entries[1]!, text: 'green' });
    log.delete(three!);
    expect(texts(await find({ q: 'red' }))).to.deep.equal(['red four']);
  });

  it('lets a user have four searches under way', async () => {
    const { find, hold } = await setup(['red']);
    let release: () => void = () => undefined;
    hold(new Promise((resolve) => (release = resolve)));
    const running = Array.from({ length: 4 }, () => find({ q: 'red' }));
    const error = await find({ q: 'red' }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ParleyError).with.property('code', 'overloaded');
    release();
    await Promise.all(running);
    expect((await find({ q: 'red' })).results).to.have.length(1);
  });
});
