import { expect } from 'chai';
import { mongo } from 'mongoose';
import { pino } from 'pino';
import { Follower } from '../../../../api/services/log/follower.ts';
import { MemoryCounter } from '../../../../api/services/log/counter.ts';
import { Log } from '../../../../api/services/log/index.ts';
import { batchOf, Indexer } from '../../../../api/services/search/indexer.ts';
import { Rate, restAfter } from '../../../../api/services/search/pacing.ts';
import { MemoryLogStore } from '../../../../api/store/log-memory.ts';
import type { LogEntry } from '../../../../api/store/log.ts';
import { MemorySearchMarks, MemorySearchStore } from '../../../../api/store/search-memory.ts';
import type { SearchRow } from '../../../../api/store/search.ts';
import { NOWHERE } from '../../../support/nowhere.ts';

const ROOM = 'a'.repeat(24);
const OTHER = 'c'.repeat(24);
const ANN = 'b'.repeat(24);
const logger = pino({ level: 'silent' });
const id = (): string => new mongo.ObjectId().toHexString();

class FailingStore extends MemorySearchStore {
  failures = 0;
  override async put(rows: readonly SearchRow[]): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the store is away');
    }
    await super.put(rows);
  }
}

function setup() {
  const logStore = new MemoryLogStore();
  const marks = new MemorySearchMarks();
  const store = new FailingStore();
  const names = { names: async () => new Map() };
  const log = new Log({ store: logStore, counter: new MemoryCounter(), bus: NOWHERE, names, logger });
  const lease = { holds: true, hold: async () => lease.holds, release: async () => undefined };
  const indexer = new Indexer({ reader: log.reader, store, marks, lease, logger, stored: () => log.stored });
  const entry = (seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
    id: id(),
    room: ROOM,
    seq,
    kind: 'text',
    sender: ANN,
    text: `word${seq} common`,
    at: new Date(seq),
    rev: seq,
    ...more,
  });
  const find = async (word: string, rooms = [ROOM, OTHER]) =>
    (await store.find({ rooms, all: [word], none: [], has: [] }, 2_000)).length;
  return { logStore, marks, store, lease, indexer, entry, find };
}

describe('the search indexer', () => {
  it('indexes the text messages of a room that waits, and takes the mark away', async () => {
    const { logStore, marks, indexer, entry, find } = setup();
    await logStore.insert([entry(1), entry(2, { kind: 'notice' }), entry(3, { kind: 'void' }), entry(4)]);
    marks.raise(ROOM, 4, new Date());
    await indexer.step();
    expect(await find('common')).to.equal(2);
    expect(await marks.waiting(1)).to.deep.equal([]);
    expect(indexer.state.indexed).to.equal(2);
  });

  it('reads messages of before that were edited or deleted since, whether they have followed or not', async () => {
    const { logStore, marks, indexer, entry, find } = setup();
    await logStore.insert([entry(1), entry(2)]);
    marks.raise(ROOM, 2, new Date());
    await indexer.step();
    const edit = {
      kind: 'change',
      of: 1,
      prev: 1,
      action: { type: 'edit', text: 'new' },
      pending: true,
    } as const;
    const gone = entry(4, { kind: 'change', of: 2, prev: 2, action: { type: 'delete' } });
    await logStore.insert([entry(3, edit), gone]);
    await new Follower({ store: logStore }).follow([gone]);
    marks.raise(ROOM, 4, new Date());
    await indexer.step();
    expect([await find('new'), await find('word1'), await find('word2')]).to.deep.equal([1, 0, 0]);
  });

  it('keeps the newer state when an older one is written again', async () => {
    const { store, entry, find } = setup();
    const message = entry(1);
    const row = { id: message.id, room: ROOM, seq: 1, sender: ANN, at: message.at, has: [] };
    await store.put([{ ...row, rev: 5, words: [] }]);
    await store.put([{ ...row, rev: 1, words: ['common'] }]);
    expect(await find('common')).to.equal(0);
  });

  it('works off a long log in parts, and lets others have their turn in between', async () => {
    const { logStore, marks, indexer, entry, find } = setup();
    await logStore.insert(Array.from({ length: 1_200 }, (_, i) => entry(i + 1)));
    await logStore.insert([entry(1, { room: OTHER })]);
    marks.raise(ROOM, 1_200, new Date(1));
    marks.raise(OTHER, 1, new Date(2));
    await indexer.step();
    await indexer.step();
    expect(await find('common', [OTHER])).to.equal(1);
    for (let i = 0; i < 3; i++) await indexer.step();
    expect(await find('common', [ROOM])).to.equal(1_200);
    expect(await marks.waiting(1)).to.deep.equal([]);
  });

  it('takes up rooms without a mark once nothing else waits', async () => {
    const { logStore, marks, indexer, entry, find } = setup();
    await logStore.insert([entry(1)]);
    marks.raise(ROOM, 1);
    for (let i = 0; i < 3; i++) await indexer.step();
    expect(await find('common')).to.equal(1);
  });

  it('loses nothing while the store is away, and asks less and less often', async () => {
    const { logStore, marks, store, indexer, entry, find } = setup();
    await logStore.insert([entry(1)]);
    marks.raise(ROOM, 1, new Date());
    store.failures = 8;
    const rests: number[] = [];
    for (let i = 0; i < 8; i++) rests.push(await indexer.step());
    expect(rests[0]).to.be.within(750, 1_250);
    expect(rests.at(-1)).to.be.within(22_500, 37_500);
    await indexer.step();
    expect(await find('common')).to.equal(1);
  });

  it('leaves the work to the node that holds the lease', async () => {
    const { logStore, marks, lease, indexer, entry, find } = setup();
    await logStore.insert([entry(1)]);
    marks.raise(ROOM, 1, new Date());
    lease.holds = false;
    await indexer.step();
    expect(await find('common')).to.equal(0);
    expect(await marks.waiting(1)).to.have.length(1);
  });

  it('leaves no row of a room that was deleted meanwhile', async () => {
    const { logStore, marks, store, indexer, entry, find } = setup();
    await logStore.insert([entry(1)]);
    marks.raise(ROOM, 1, new Date());
    const put = store.put.bind(store);
    store.put = async (rows) => {
      marks.forget(ROOM);
      await put(rows);
    };
    await indexer.step();
    expect(await find('common')).to.equal(0);
  });

  it('writes messages with very many words in several goes', async () => {
    const { logStore, marks, store, indexer, entry, find } = setup();
    const text = Array.from({ length: 900 }, (_, i) => `w${i}`).join(' ');
    await logStore.insert(Array.from({ length: 30 }, (_, i) => entry(i + 1, { text })));
    marks.raise(ROOM, 30, new Date());
    const sizes: number[] = [];
    const put = store.put.bind(store);
    store.put = async (rows) => {
      sizes.push(rows.length);
      await put(rows);
    };
    await indexer.step();
    expect(sizes).to.deep.equal([11, 11, 8]);
    expect(await find('w899')).to.equal(30);
  });

  it('takes at most 500 numbers at once', () => {
    const room = (after: number, to: number) => ({ room: id(), after, to, since: new Date() });
    const batch = batchOf([room(0, 300), room(10, 10), room(5, 400), room(0, 1)]);
    expect(batch.map(({ after, to }) => [after, to])).to.deep.equal([
      [0, 300],
      [10, 10],
      [5, 205],
    ]);
  });

  it('rests longer the more is sent and the slower the store is', () => {
    expect(restAfter(50, 0)).to.equal(50);
    expect(restAfter(50, 1_000)).to.equal(550);
    expect(restAfter(50, 100_000)).to.equal(4_000);
    expect(restAfter(0, 0)).to.equal(20);
    let count = 0;
    const rate = new Rate(() => count, 0);
    count = 100;
    expect([rate.look(50), rate.look(200), rate.look(250)]).to.deep.equal([0, 500, 500]);
  });
});
