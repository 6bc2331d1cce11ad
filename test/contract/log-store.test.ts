import { expect } from 'chai';
import { mongo, type Mongoose } from 'mongoose';
import { pino } from 'pino';
import { MemoryLogStore } from '../../api/store/log-memory.ts';
import type { LogRow } from '../../api/store/log-rows.ts';
import { MongoLogStore } from '../../api/store/log-mongo.ts';
import type { LogEntry, LogStore } from '../../api/store/log.ts';
import { connectStore, ensureIndexes } from '../../api/store/connect.ts';
import { startServers } from '../support/servers.ts';

const id = (): string => new mongo.ObjectId().toHexString();

/** What every log store does; `makeRoom` gives the id of a fresh room. */
function contract(make: () => Promise<{ store: LogStore; makeRoom: () => Promise<string> }>): void {
  const ann = id();
  const bob = id();
  let store: LogStore;
  let makeRoom: () => Promise<string>;
  let room: string;

  before(async () => {
    ({ store, makeRoom } = await make());
  });
  beforeEach(async () => {
    room = await makeRoom();
  });

  const entry = (seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
    id: id(),
    room,
    seq,
    kind: 'text',
    sender: ann,
    text: `text ${seq}`,
    at: new Date(1_700_000_000_000 + seq),
    rev: seq,
    ...more,
  });
  const seqs = (entries: readonly LogEntry[]): number[] => entries.map(({ seq }) => seq);

  it('gives the edits of one message, the last ones in their order', async () => {
    const edit = (seq: number, prev: number, more: Partial<LogEntry> = {}): LogEntry => {
      const { sender: _, text: __, ...rest } = entry(seq);
      return {
        ...rest,
        kind: 'change',
        of: 1,
        prev,
        by: ann,
        action: { type: 'edit', text: `as ${seq}` },
        ...more,
      };
    };
    await store.insert([
      entry(1),
      edit(2, 1),
      edit(3, 2, { action: { type: 'react', emoji: '👍' } }),
      edit(4, 3),
      edit(5, 1, { of: 9 }),
      edit(6, 4),
    ]);
    expect(seqs(await store.edits(room, 1, 10))).to.deep.equal([2, 4, 6]);
    expect(seqs(await store.edits(room, 1, 2))).to.deep.equal([4, 6]);
  });

  it('gives back an entry as it was inserted', async () => {
    const full = entry(1, {
      clientId: 'c',
      replyTo: 1,
      thread: 1,
      mentions: [bob],
      event: { name: 'renamed', value: 'x' },
    });
    expect(await store.insert([full])).to.deep.equal(['stored']);
    expect(await store.at(room, [1, 2])).to.deep.equal([full]);
  });

  it('decides each number once, and says of each entry on its own what became of it', async () => {
    await store.insert([entry(1, { clientId: 'first' }), entry(5, { kind: 'change', of: 1, prev: 1 })]);
    const outcomes = await store.insert([
      entry(1),
      entry(2, { clientId: 'first' }),
      entry(3, { kind: 'change', of: 1, prev: 1 }),
      entry(4, { clientId: 'second' }),
      entry(6, { clientId: 'first', sender: bob }),
    ]);
    expect(outcomes).to.deep.equal(['taken', 'duplicate', 'conflict', 'stored', 'stored']);
  });

  it('calls the same entry inserted again taken, for the writer to recognise', async () => {
    const same = entry(1);
    await store.insert([same]);
    expect(await store.insert([same])).to.deep.equal(['taken']);
    expect((await store.at(room, [1]))[0]?.id).to.equal(same.id);
  });

  it('finds by sender and clientId, in this room only', async () => {
    const found = entry(1, { clientId: 'mine' });
    await store.insert([found]);
    expect((await store.bySender(room, ann, 'mine'))?.id).to.equal(found.id);
    expect(await store.bySender(room, bob, 'mine')).to.equal(undefined);
    expect(await store.bySender(await makeRoom(), ann, 'mine')).to.equal(undefined);
  });

  it('finds what stands at places of several rooms', async () => {
    const [here, there] = [entry(1), entry(7, { room: await makeRoom() })];
    await store.insert([here, entry(2), there]);
    expect(await store.among([there, here, { room, seq: 7 }])).to.have.deep.members([here, there]);
    expect(await store.among([])).to.deep.equal([]);
  });

  it('keeps numbers of any size in their order, and out of the neighbouring rooms', async () => {
    const seqs = [1, 255, 256, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER];
    await store.insert(seqs.toReversed().map((seq) => entry(seq)));
    await store.insert([entry(3, { room: await makeRoom() })]);
    expect((await store.range(room, 0, Infinity, 100)).map(({ seq }) => seq)).to.deep.equal(seqs);
    expect((await store.range(room, 256, 2 ** 32, 100)).map(({ seq }) => seq)).to.deep.equal(
      seqs.slice(2, 6),
    );
    expect(await store.highest(room)).to.equal(Number.MAX_SAFE_INTEGER);
    expect(await store.seqsAbove(room, 2 ** 32, 100)).to.deep.equal(seqs.slice(6));
  });

  it('reads ranges, messages both ways, and the numbers above one', async () => {
    await store.insert([
      entry(1),
      entry(2, { kind: 'void' }),
      entry(3),
      entry(4, { kind: 'notice' }),
      entry(6),
    ]);
    expect(seqs(await store.range(room, 2, 6, 3))).to.deep.equal([2, 3, 4]);
    expect(seqs(await store.messages(room, 1, 6, 1, 3))).to.deep.equal([1, 3, 4]);
    expect(seqs(await store.messages(room, 1, 4, -1, 2))).to.deep.equal([4, 3]);
    expect(await store.seqsAbove(room, 2, 2)).to.deep.equal([3, 4]);
    expect(await store.highest(room)).to.equal(6);
    expect(await store.highest(await makeRoom())).to.equal(0);
  });

  it('reads a thread: its root and its newest replies', async () => {
    await store.insert([
      entry(1),
      entry(2, { thread: 1 }),
      entry(3),
      entry(4, { thread: 1 }),
      entry(5, { thread: 1 }),
    ]);
    expect(seqs(await store.thread(room, 1, 5, 10))).to.deep.equal([1, 2, 4, 5]);
    expect(seqs(await store.thread(room, 1, 4, 2))).to.deep.equal([2, 4]);
  });

  it('tallies threads up to a number, and counts what one has not read', async () => {
    const [ann, bob] = [id(), id()];
    await store.insert([
      entry(1),
      entry(2, { thread: 1, sender: ann }),
      entry(3, { thread: 1, sender: bob }),
      entry(4, { thread: 1, sender: ann }),
      entry(5, { thread: 1, sender: bob, deletedAt: new Date(), rev: 6 }),
      entry(7, { thread: 1, sender: ann }),
      entry(8),
    ]);
    const upTo = async (head: number) => (await store.tallies(room, [1, 8], head)).get(1);
    expect(await upTo(4)).to.deep.include({ replies: 3, seq: 4, users: [ann, bob] });
    expect(await upTo(5), 'deleted above').to.deep.include({ replies: 4, seq: 5, users: [bob, ann] });
    expect(await upTo(7)).to.deep.include({ replies: 4, seq: 7, users: [ann, bob] });
    expect((await store.tallies(room, [8], 8)).size).to.equal(0);
    expect((await store.tallies(room, [], 8)).size).to.equal(0);
    expect(await store.countReplies(room, 1, bob, 1, 100)).to.equal(3);
    expect(await store.countReplies(room, 1, bob, 2, 100)).to.equal(2);
    expect(await store.countReplies(room, 1, ann, 1, 100)).to.equal(1);
    expect(await store.countReplies(room, 1, bob, 1, 2)).to.equal(2);
    expect(await store.countReplies(room, 1, id(), 1, 100, [ann]), 'without a sender').to.equal(1);
  });

  it('raises hints and never lowers them', async () => {
    const last = entry(7);
    await store.raiseHints(new Map([[room, { firstSeq: 0, lastSeq: 7, lastMessage: last }]]));
    await store.raiseHints(new Map([[room, { firstSeq: 0, lastSeq: 5, lastMessage: entry(5) }]]));
    const hint = (await store.hints([room])).get(room);
    expect(hint?.lastSeq).to.equal(7);
    expect(hint?.lastMessage).to.deep.equal(last);
  });

  it('keeps a room’s newest message when a hint without one is raised', async () => {
    const last = entry(7);
    await store.raiseHints(new Map([[room, { firstSeq: 0, lastSeq: 7, lastMessage: last }]]));
    await store.raiseHints(new Map([[room, { firstSeq: 0, lastSeq: 9 }]]));
    expect((await store.hints([room])).get(room)).to.deep.include({ lastSeq: 9, lastMessage: last });
  });

  describe('changes', () => {
    const change = (seq: number, more: Partial<LogEntry>): LogEntry => {
      const {
        sender: _,
        text: __,
        ...rest
      } = entry(seq, { kind: 'change', pending: true, by: ann, ...more });
      return rest;
    };

    it('are pending until their message has followed', async () => {
      const message = entry(1);
      const edit = change(2, { of: 1, prev: 1, action: { type: 'edit', text: 'new' }, was: 'text 1' });
      await store.insert([message, edit]);
      expect(await store.pending([room, await makeRoom()], 10)).to.deep.equal([edit]);
      const next = { ...message, text: 'new', rev: 2, editedAt: edit.at };
      await store.follow([{ change: edit, message: next }]);
      expect(await store.pending([room], 10)).to.deep.equal([]);
      const { pending: _, ...followed } = edit;
      expect(await store.at(room, [1, 2])).to.deep.equal([next, followed]);
    });

    it('leave a message alone that is past them', async () => {
      const message = entry(1, { rev: 5 });
      const edit = change(2, { of: 1, prev: 1, action: { type: 'edit', text: 'old' } });
      await store.insert([message, edit]);
      await store.follow([{ change: edit, message: { ...message, text: 'old', rev: 2 } }]);
      expect((await store.at(room, [1]))[0]).to.deep.equal(message);
      expect(await store.pending([room], 10)).to.deep.equal([]);
    });

    it('leave no text behind once the message is deleted', async () => {
      const message = entry(1, { rev: 3 });
      const edit = change(3, { of: 1, prev: 1, action: { type: 'edit', text: 'second' }, was: 'first' });
      const other = change(4, { of: 2, prev: 2, action: { type: 'edit', text: 'other' }, was: 'another' });
      const remove = change(5, { of: 1, prev: 3, action: { type: 'delete' }, was: 'second' });
      await store.insert([message, entry(2), edit, other, remove]);
      const tombstone = { ...message, text: '', rev: 5, deletedAt: remove.at };
      await store.raiseHints(new Map([[room, { firstSeq: 0, lastSeq: 1, lastMessage: message }]]));
      await store.follow([{ change: remove, message: tombstone }]);
      expect((await store.hints([room])).get(room)?.lastMessage).to.deep.equal({ ...message, text: '' });
      const [first, gone, kept, removed] = await store.at(room, [1, 3, 4, 5]);
      expect(first).to.deep.equal(tombstone);
      expect(gone)
        .to.deep.include({ action: { type: 'edit', text: '' } })
        .and.not.have.property('was');
      expect(kept).to.deep.equal(other);
      expect(removed).to.not.have.property('was');
    });

    it('of one state are one', async () => {
      await store.insert([entry(1), change(2, { of: 1, prev: 1, action: { type: 'delete' } })]);
      expect(
        await store.insert([
          change(3, { of: 1, prev: 1, action: { type: 'delete' } }),
          change(4, { of: 1, prev: 2, action: { type: 'delete' } }),
        ]),
      ).to.deep.equal(['conflict', 'stored']);
    });
  });

  it('counts as unread what others wrote outside threads and did not delete, up to the cap', async () => {
    await store.insert([
      entry(1),
      entry(2, { sender: bob }),
      entry(3, { thread: 1 }),
      entry(4, { deletedAt: new Date() }),
      entry(5, { kind: 'notice' }),
      entry(6, { mentions: [bob] }),
      entry(7, { mentions: ['room'] }),
    ]);
    expect(await store.countUnread(room, bob, 0, 7, 100, false)).to.equal(3);
    expect(await store.countUnread(room, bob, 1, 6, 100, false)).to.equal(1);
    expect(await store.countUnread(room, bob, 0, 7, 2, false)).to.equal(2);
    expect(await store.countUnread(room, bob, 0, 7, 100, true)).to.equal(2);
    expect(await store.countUnread(room, bob, 0, 7, 100, true, [ann]), 'without a sender').to.equal(0);
    expect(await store.countUnread(room, bob, 0, 7, 100, false, [ann]), 'none at all').to.equal(0);
  });

  it('forgets a deleted room', async () => {
    await store.insert([entry(1), entry(2)]);
    await store.deleteRoom(room);
    expect(await store.range(room, 1, 2, 10)).to.deep.equal([]);
  });
}

describe('the log store in memory', () => {
  contract(async () => ({ store: new MemoryLogStore(), makeRoom: async () => id() }));
});

describe('the log store in MongoDB', function () {
  this.timeout(900_000);
  let db: Mongoose | undefined;
  after(() => db?.disconnect());
  contract(async () => {
    const servers = await startServers();
    db = await connectStore(servers.mongodbUrl);
    await ensureIndexes(db, pino({ level: 'silent' }));
    const collections = db.connection.getClient().db();
    const rooms = collections.collection('rooms');
    const makeRoom = async (): Promise<string> =>
      (await rooms.insertOne({ firstSeq: 0, lastSeq: 0 })).insertedId.toHexString();
    return { store: new MongoLogStore({ log: collections.collection<LogRow>('log'), rooms }), makeRoom };
  });
});
