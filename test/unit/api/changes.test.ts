import { expect } from 'chai';
import fc from 'fast-check';
import { pino } from 'pino';
import { applyChange } from '../../../api/services/log/apply-change.ts';
import { MemoryCounter } from '../../../api/services/log/counter.ts';
import { Log } from '../../../api/services/log/index.ts';
import { MemoryLogStore } from '../../../api/store/log-memory.ts';
import type { ChangeAction, Following, LogEntry } from '../../../api/store/log.ts';
import { MemoryBroker } from '../../../shared/node/bus-memory.ts';
import { roomChannel } from '../../../shared/node/keys.ts';
import type { ChangeFrame } from '../../../shared/wire/protocol.ts';
import { envelopesIn } from '../../support/bus-frames.ts';

const ROOM = 'a'.repeat(24);
const ANN = 'b'.repeat(24);
const BOB = 'c'.repeat(24);
const logger = pino({ level: 'silent' });
const names = { names: async () => new Map() };

/** A store whose next followings are lost, as when the node dies between a change and its message. */
class ForgetfulStore extends MemoryLogStore {
  lost = 0;
  override async follow(followings: readonly Following[]): Promise<void> {
    if (followings.length > 0 && this.lost-- > 0) throw new Error('died');
    await super.follow(followings);
  }
}

async function setup() {
  const store = new ForgetfulStore();
  const counter = new MemoryCounter();
  const bus = new MemoryBroker().connect();
  const frames: ChangeFrame[] = [];
  bus.onMessage((_, message) => {
    for (const { body } of envelopesIn(message)) {
      const frame = JSON.parse(String(body)) as ChangeFrame;
      if (frame.type === 'change') frames.push(frame);
    }
  });
  await bus.subscribe([roomChannel(ROOM)]);
  const node = (): Log => new Log({ store, counter, bus, names, logger });
  const log = node();
  const send = async (text: string): Promise<LogEntry> =>
    (await log.appender.append({ room: ROOM, kind: 'text', sender: ANN, clientId: text, text })).entry;
  return { store, counter, frames, log, node, send };
}

const edit = (text: string) => (): ChangeAction => ({ type: 'edit', text });
const message: LogEntry = { id: 'm', room: ROOM, seq: 1, kind: 'text', at: new Date(), rev: 1, text: 'hi' };
const change = (seq: number, action: ChangeAction, by = ANN): LogEntry => ({
  ...{
    id: `c${seq}`,
    room: ROOM,
    seq,
    kind: 'change',
    at: new Date(seq),
    rev: seq,
    of: 1,
    prev: 1,
    by,
    action,
  },
});

describe('applying a change', () => {
  it('keeps the latest reactor last and drops an emoji nobody uses', () => {
    const both = [
      change(2, { type: 'react', emoji: '👍' }, ANN),
      change(3, { type: 'react', emoji: '👍' }, BOB),
    ].reduce(applyChange, message);
    expect(both.reactions).to.deep.equal([{ emoji: '👍', users: [ANN, BOB] }]);
    const none = [
      change(4, { type: 'unreact', emoji: '👍' }, ANN),
      change(5, { type: 'unreact', emoji: '👍' }, BOB),
    ].reduce(applyChange, both);
    expect(none).to.not.have.property('reactions');
    expect(none.rev).to.equal(5);
  });

  it('leaves of a deleted message its place, sender and clientId', () => {
    const full = {
      ...message,
      clientId: 'c',
      sender: ANN,
      mentions: [BOB],
      reactions: [{ emoji: '👍', users: [BOB] }],
    };
    const { deletedAt, ...rest } = applyChange(full, change(2, { type: 'delete' }));
    expect(deletedAt).to.deep.equal(new Date(2));
    expect(rest).to.deep.equal({ ...message, clientId: 'c', sender: ANN, text: '', rev: 2 });
  });
});

describe('changing a message', () => {
  it('takes the next number, moves its rev there and publishes the present state', async () => {
    const { log, frames, send, store } = await setup();
    await send('one');
    await send('two');
    const changed = await log.changes.change(ROOM, 1, ANN, edit('uno'));
    expect(changed).to.deep.include({ seq: 1, rev: 3, text: 'uno' });
    expect(frames).to.have.length(1);
    expect(frames[0]).to.deep.include({ seq: 3, room: ROOM });
    expect(frames[0]?.message).to.deep.include({ seq: 1, rev: 3, text: 'uno' });
    expect((await store.at(ROOM, [3]))[0]).to.deep.include({ kind: 'change', of: 1, prev: 1, was: 'one' });
  });

  it('writes nothing where the message is so already', async () => {
    const { log, send, store } = await setup();
    const sent = await send('one');
    expect(await log.changes.change(ROOM, 1, ANN, () => undefined)).to.deep.equal(sent);
    expect(await store.highest(ROOM)).to.equal(1);
  });

  it('loses none of many at once through two nodes, each made on the state before', async () => {
    const { log, node, send, store } = await setup();
    await send('one');
    const other = node();
    const people = Array.from({ length: 12 }, (_, i) => String(i).padStart(24, '0'));
    await Promise.all(
      people.map((user, i) =>
        (i % 2 === 0 ? log : other).changes.change(ROOM, 1, user, () => ({ type: 'react', emoji: '👍' })),
      ),
    );
    const [stored] = await store.at(ROOM, [1]);
    expect(new Set(stored?.reactions?.[0]?.users)).to.deep.equal(new Set(people));
    const entries = await store.range(ROOM, 1, 1_000, 1_000);
    const prevs = entries.filter(({ kind }) => kind === 'change').map(({ prev }) => prev);
    expect(new Set(prevs).size).to.equal(12);
  });

  it('is refused, to be tried again, where hundreds of the same message wait already, and taken when they are done', async () => {
    const { log, send } = await setup();
    await send('one');
    const change = () => log.changes.change(ROOM, 1, ANN, () => undefined);
    const results = await Promise.allSettled(Array.from({ length: 510 }, change));
    const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).to.have.length(10);
    expect(refused[0]).to.include({ code: 'overloaded', retry: true });
    await change();
  });

  it('stays above the state it follows when the counter stepped back', async () => {
    const { log, send, counter, store } = await setup();
    for (const text of ['one', 'two', 'three']) await send(text);
    await log.changes.change(ROOM, 1, ANN, edit('uno'));
    counter.values.set(ROOM, 1);
    const changed = await log.changes.change(ROOM, 1, ANN, edit('eins'));
    expect(changed.rev).to.be.above(4);
    expect((await store.at(ROOM, [1]))[0]).to.deep.include({ text: 'eins', rev: changed.rev });
  });
});

describe('a change whose message has not followed', () => {
  async function half() {
    const parts = await setup();
    await parts.send('one');
    parts.store.lost = 2; // by the writer, and by its publishing
    await parts.log.changes.change(ROOM, 1, ANN, edit('uno'));
    expect((await parts.store.at(ROOM, [1]))[0]?.text).to.equal('one');
    return parts;
  }

  it('shows in every kind of read', async () => {
    const reads: ((log: Log) => Promise<unknown>)[] = [
      async (log) => (await log.reader.page(ROOM, { kind: 'newest' }, 10)).messages[0]?.text,
      async (log) => (await log.reader.log(ROOM, 0)).messages[0]?.text,
      async (log) => (await log.reader.log(ROOM, 1)).changed[0]?.text,
      async (log) => (await log.reader.thread(ROOM, 1, undefined, 10)).messages[0]?.text,
      async (log) => (await log.lastMessages([ROOM])).get(ROOM)?.text,
      async (log) =>
        JSON.parse((await log.reader.slice(ROOM, 1, undefined)).entries[0]?.[1] ?? '{}').message.text,
    ];
    for (const read of reads) expect(await read((await half()).node())).to.equal('uno');
  });

  it('is followed by the next change', async () => {
    const { node } = await half();
    const changed = await node().changes.change(ROOM, 1, ANN, ({ text = '' }) => ({
      type: 'edit',
      text: `${text}!`,
    }));
    expect(changed).to.deep.include({ text: 'uno!', rev: 3 });
  });

  it('is published with the new state or not at all', async () => {
    const { frames, log } = await half();
    expect(frames).to.deep.equal([]);
    await log.close(); // tries once more to publish what is left
    expect(frames.map(({ message: shown }) => shown.text)).to.deep.equal(['uno']);
  });
});

it('the document of a message is the fold of its changes, whatever was lost in between', async () => {
  const action = fc.oneof(
    fc.record({ type: fc.constant('edit' as const), text: fc.string({ minLength: 1 }) }),
    fc.record({
      type: fc.constantFrom('react' as const, 'unreact' as const),
      emoji: fc.constantFrom('👍', '🎉'),
    }),
    fc.record({ type: fc.constant('delete' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ action, by: fc.constantFrom(ANN, BOB), lost: fc.nat(2) }), { maxLength: 8 }),
      async (steps) => {
        const { store, log, send } = await setup();
        let expected = await send('one');
        for (const { action: wanted, by, lost } of steps) {
          store.lost = lost;
          const change = (): Promise<LogEntry> => log.changes.change(ROOM, 1, by, () => wanted);
          await change().catch(() => {
            store.lost = 0;
            return change();
          });
        }
        store.lost = 0;
        await log.reader.page(ROOM, { kind: 'newest' }, 10);
        const entries = await store.range(ROOM, 2, 1_000, 1_000);
        for (const entry of entries) if (entry.kind === 'change') expected = applyChange(expected, entry);
        const [stored] = await store.at(ROOM, [1]);
        expect(stored).to.deep.equal(expected);
        await log.close();
      },
    ),
    { numRuns: 60 },
  );
});
