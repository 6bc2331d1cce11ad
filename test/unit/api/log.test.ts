import { expect } from 'chai';
import fc from 'fast-check';
import { pino } from 'pino';
import { Log } from '../../../api/services/log/index.ts';
import { MemoryCounter } from '../../../api/services/log/counter.ts';
import { MemoryLogStore } from '../../../api/store/log-memory.ts';
import type { InsertOutcome, LogEntry } from '../../../api/store/log.ts';
import type { Bus } from '../../../shared/node/bus.ts';
import { envelopesIn } from '../../support/bus-frames.ts';

const ROOM = 'a'.repeat(24);
const ANN = 'b'.repeat(24);
const logger = pino({ level: 'silent' });
const names = { names: async () => new Map() };

class RecordingBus implements Bus {
  readonly seqs: number[] = [];
  /** How many numbers each message held. */
  readonly sizes: number[] = [];
  away = false;
  async publish(_channel: string, message: Buffer): Promise<void> {
    if (this.away) throw new Error('away');
    const seqs = envelopesIn(message).map(({ number }) => number);
    this.sizes.push(seqs.length);
    this.seqs.push(...seqs);
  }
  async subscribe(): Promise<void> {}
  async unsubscribe(): Promise<void> {}
  onMessage(): void {}
  onState(): void {}
  async close(): Promise<void> {}
}

/** A store whose next inserts misbehave: the outcome is lost, before or after the entry landed. */
class FaultyStore extends MemoryLogStore {
  readonly faults: ('lost' | 'landed')[] = [];
  override async insert(entries: readonly LogEntry[]): Promise<readonly InsertOutcome[]> {
    const fault = this.faults.shift();
    if (fault === 'lost') return entries.map(() => 'unknown');
    const outcomes = await super.insert(entries);
    return fault === 'landed' ? entries.map(() => 'unknown') : outcomes;
  }
}

function setup() {
  const store = new FaultyStore();
  const counter = new MemoryCounter();
  const bus = new RecordingBus();
  const log = new Log({ store, counter, bus, names, logger });
  const send = (clientId: string, more: { text?: string; after?: number } = {}) =>
    log.appender.append({
      room: ROOM,
      kind: 'text',
      sender: ANN,
      clientId,
      text: more.text ?? clientId,
      ...more,
    });
  return { store, counter, bus, log, send };
}

describe('the log', () => {
  it('numbers messages from 1 without a hole', async () => {
    const { send, log } = setup();
    const sent = await Promise.all(['a', 'b', 'c'].map((id) => send(id)));
    expect(sent.map(({ entry }) => entry.seq)).to.deep.equal([1, 2, 3]);
    expect(await log.head(ROOM)).to.equal(3);
  });

  it('answers a repeated clientId with the first message and its first body', async () => {
    const { send, log } = setup();
    const first = await send('a', { text: 'first' });
    const again = await send('a', { text: 'second' });
    expect(again.created).to.be.false;
    expect(again.entry).to.include({ seq: first.entry.seq, text: 'first' });
    expect(await log.head(ROOM)).to.equal(2);
  });

  it('stores a clientId once when it comes twice at the same time', async () => {
    const { send, log } = setup();
    const both = await Promise.all([send('a'), send('a')]);
    expect(both.map(({ created }) => created)).to.deep.equal([true, false]);
    expect((await log.reader.page(ROOM, { kind: 'newest' }, 50)).messages).to.have.length(1);
  });

  it('goes on above what is stored when the counter vanished', async () => {
    const { send, counter } = setup();
    await send('a');
    counter.values.clear();
    expect((await send('b')).entry.seq).to.equal(2);
  });

  it('goes on above what is stored when the counter stepped back', async () => {
    const { send, counter, log } = setup();
    for (const id of ['a', 'b', 'c']) await send(id);
    counter.values.set(ROOM, 1);
    await send('d');
    const page = await log.reader.page(ROOM, { kind: 'newest' }, 50);
    expect(page.messages.map(({ text }) => text)).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('publishes what a batch has for one room as one message', async () => {
    const { send, bus } = setup();
    await send('a');
    await Promise.all(['b', 'c', 'd'].map((id) => send(id)));
    expect(bus.seqs).to.deep.equal([1, 2, 3, 4]);
    expect(bus.sizes).to.deep.equal([1, 3]);
  });

  it('stores without Redis, and publishes when it is back', async () => {
    const { send, counter, bus, log } = setup();
    counter.away = bus.away = true;
    const sent = await Promise.all([send('a'), send('b')]);
    expect(sent.map(({ entry }) => entry.seq)).to.deep.equal([1, 2]);
    expect(log.publisher.backlog).to.equal(1);
    counter.away = bus.away = false;
    await log.close();
    expect(bus.seqs).to.deep.equal([1, 2]);
  });

  it('asks the store once for the numbers of a room while Redis is away, whatever comes at once', async () => {
    const { send, counter, store, log } = setup();
    await send('before');
    counter.away = true;
    let asked = 0;
    const highest = store.highest.bind(store);
    store.highest = (room) => ((asked += 1), highest(room));
    for (const wave of ['a', 'b', 'c']) {
      const sent = await Promise.all([0, 1, 2].map((i) => send(`${wave}${i}`)));
      expect(sent.every(({ created }) => created)).to.equal(true);
    }
    expect(asked).to.equal(1);
    counter.away = false;
    await send('after');
    const { messages } = await log.reader.page(ROOM, { kind: 'newest' }, 50);
    expect(messages.map(({ clientId }) => clientId)).to.deep.equal([
      'before',
      'a0',
      'a1',
      'a2',
      'b0',
      'b1',
      'b2',
      'c0',
      'c1',
      'c2',
      'after',
    ]);
  });

  it('takes a number above `after` when the counter stepped back behind it', async () => {
    const { send, counter, log } = setup();
    await send('a');
    const { entry } = await send('b');
    counter.values.set(ROOM, 0);
    await log.appender.append({
      room: ROOM,
      kind: 'text',
      sender: ANN,
      clientId: 'c',
      text: 'c',
      after: entry.seq,
    });
    const page = await log.reader.page(ROOM, { kind: 'newest' }, 50);
    expect(page.messages.map(({ text }) => text)).to.deep.equal(['a', 'b', 'c']);
  });

  it('ignores an `after` above everything that is stored', async () => {
    const { send } = setup();
    expect((await send('a', { after: 900 })).entry.seq).to.equal(1);
  });

  it('stores a message once when the answer to its insert is lost', async () => {
    for (const fault of ['lost', 'landed'] as const) {
      const { send, store, log } = setup();
      store.faults.push(fault);
      await send('a');
      const page = await log.reader.page(ROOM, { kind: 'newest' }, 50);
      expect(
        page.messages.map(({ text }) => text),
        fault,
      ).to.deep.equal(['a']);
      expect(page.head, fault).to.be.at.least(page.messages[0]!.seq);
    }
  });

  it('keeps the head below a number nobody has decided', async () => {
    const { send, counter, log } = setup();
    await send('a');
    await counter.take([{ room: ROOM, count: 1 }]);
    await send('c');
    expect(await log.head(ROOM)).to.equal(1);
  });

  it('keeps promises under random faults: what is acknowledged stands once, at its number', async () => {
    const step = fc.constantFrom(
      'send',
      'retry',
      'lost',
      'landed',
      'emptied',
      'back',
      'redis away',
      'redis here',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { send, store, counter, bus } = setup();
        const acked = new Map<string, number>();
        let n = 0;
        for (const what of steps) {
          if (what === 'lost' || what === 'landed') store.faults.push(what);
          if (what === 'emptied') counter.values.clear();
          if (what === 'back') counter.values.set(ROOM, Math.floor((counter.values.get(ROOM) ?? 0) / 2));
          if (what === 'redis away' || what === 'redis here') counter.away = bus.away = what === 'redis away';
          if (what !== 'send' && what !== 'retry') continue;
          const id = `m${what === 'send' ? ++n : Math.max(1, n)}`;
          const result = await send(id).catch(() => undefined);
          if (result === undefined) continue;
          if (acked.has(id)) expect(result.entry.seq).to.equal(acked.get(id));
          acked.set(id, result.entry.seq);
        }
        store.faults.length = 0;
        const stored = await store.messages(ROOM, 1, Infinity, 1, 1_000);
        for (const [id, seq] of acked) {
          expect(stored.filter((entry) => entry.clientId === id).map((entry) => entry.seq)).to.deep.equal([
            seq,
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('pages', () => {
  it('find messages across long stretches of voids', async () => {
    const { send, store, log } = setup();
    await send('a');
    await store.insert(
      Array.from({ length: 3_000 }, (_, i) => ({
        id: `v${i}`,
        room: ROOM,
        seq: i + 2,
        kind: 'void' as const,
        at: new Date(),
        rev: i + 2,
      })),
    );
    const page = await log.reader.page(ROOM, { kind: 'before', seq: 3_001 }, 10);
    expect(page.messages.map(({ seq }) => seq)).to.deep.equal([1]);
    expect(page.complete).to.deep.equal([1, 3_000]);
  });

  it('agree with the log for every cut, whichever way one pages', async () => {
    const { send, log } = setup();
    for (let i = 0; i < 30; i++) await send(`m${i}`);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom('before', 'after', 'around'),
        async (seq, limit, kind) => {
          const page = await log.reader.page(ROOM, { kind: kind as 'before', seq }, limit);
          const [from, to] = page.complete;
          const expected = Array.from({ length: 30 }, (_, i) => i + 1).filter((s) => s >= from && s <= to);
          expect(page.messages.map((m) => m.seq)).to.deep.equal(expected);
          expect(page.messages.length).to.be.at.most(limit);
        },
      ),
    );
  });
});
