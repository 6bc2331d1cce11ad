import { expect } from 'chai';
import { mongo, type Mongoose } from 'mongoose';
import { pino } from 'pino';
import { connectStore, ensureIndexes } from '../../api/store/connect.ts';
import type { LogRow } from '../../api/store/log-rows.ts';
import { MongoLogStore } from '../../api/store/log-mongo.ts';
import { MongoSearchMarks } from '../../api/store/search-marks-mongo.ts';
import { MemorySearchMarks, MemorySearchStore } from '../../api/store/search-memory.ts';
import { MongoSearchStore } from '../../api/store/search-mongo.ts';
import type { SearchFilter, SearchMarks, SearchRow, SearchStore } from '../../api/store/search.ts';
import { startServers } from '../support/servers.ts';

const id = (): string => new mongo.ObjectId().toHexString();

interface Fixture {
  readonly store: SearchStore;
  readonly marks: SearchMarks;
  readonly makeRoom: () => Promise<string>;
  /** Raises a room's hint: as this version does, or as one did that knew no marks. */
  readonly raise: (room: string, lastSeq: number, isMarked: boolean) => Promise<void>;
  readonly deleteRoom: (room: string) => Promise<void>;
}

/** What every search store does. */
function contract(make: () => Promise<Fixture>): void {
  const ann = id();
  const bob = id();
  let made: Fixture;
  let room: string;
  before(async () => {
    made = await make();
  });
  beforeEach(async () => {
    room = await made.makeRoom();
  });

  const row = (seq: number, words: readonly string[], more: Partial<SearchRow> = {}): SearchRow => ({
    id: id(),
    room,
    seq,
    rev: seq,
    sender: ann,
    at: new Date(1_700_000_000_000 + seq),
    words,
    has: [],
    ...more,
  });
  const find = async (all: readonly string[], more: Partial<SearchFilter> = {}, limit = 10) =>
    (await made.store.find({ rooms: [room], all, none: [], has: [], ...more }, limit, 5_000)).map(
      (hit) => hit.id,
    );
  /** Rooms of other tests wait, too. */
  const waiting = async () => (await made.marks.waiting(10_000)).filter((one) => one.room === room);

  it('finds rows with all words and none of the others, newest first', async () => {
    const rows = [row(1, ['a', 'b']), row(3, ['a', 'b', 'c']), row(2, ['a']), row(4, [])];
    await made.store.put(rows);
    const [first, third, second] = rows.map((one) => one.id);
    expect(await find(['a'])).to.deep.equal([third, second, first]);
    expect(await find(['a', 'b'])).to.deep.equal([third, first]);
    expect(await find(['a', 'b'], { none: ['c', 'd'] })).to.deep.equal([first]);
    expect(await find(['a'], {}, 1)).to.deep.equal([third]);
  });

  it('finds rows with a word that begins so, with others or alone, each once', async () => {
    const rows = [row(1, ['boat', 'bob', 'x']), row(2, ['boa']), row(3, ['böö', 'bo']), row(4, ['ao', 'x'])];
    await made.store.put(rows);
    const [one, two, three] = rows.map((each) => each.id);
    expect(await find([], { beginning: 'bo' })).to.deep.equal([three, two, one]);
    expect(await find([], { beginning: 'boa' })).to.deep.equal([two, one]);
    expect(await find(['x'], { beginning: 'bo' })).to.deep.equal([one]);
    expect(await find([], { beginning: 'bo', none: ['bob'] })).to.deep.equal([three, two]);
    expect(await find([], { beginning: 'bo' }, 2)).to.deep.equal([three, two]);
    const behind = { at: rows[2]?.at ?? new Date(), id: three ?? '' };
    expect(await find([], { beginning: 'bo', behind })).to.deep.equal([two, one]);
    expect(await find([], { beginning: 'oa' })).to.deep.equal([]);
  });

  it('looks into the given rooms only', async () => {
    const other = await made.makeRoom();
    const rows = [row(1, ['a']), row(2, ['a'], { room: other })];
    await made.store.put(rows);
    expect(await find(['a'])).to.deep.equal([rows[0]?.id]);
    expect(await find(['a'], { rooms: [room, other] })).to.have.length(2);
    expect(await find(['a'], { rooms: [] })).to.deep.equal([]);
    const [hit] = await made.store.find({ rooms: [other], all: ['a'], none: [], has: [] }, 1, 5_000);
    expect(hit).to.deep.equal({ id: rows[1]?.id, room: other, seq: 2, at: rows[1]?.at });
  });

  it('filters by sender, time and what a message has', async () => {
    const rows = [
      row(1, ['a']),
      row(2, ['a'], { sender: bob, has: ['link', 'file'] }),
      row(3, ['a'], { has: ['link'] }),
    ];
    await made.store.put(rows);
    const [first, second, third] = rows;
    expect(await find(['a'], { sender: bob })).to.deep.equal([second?.id]);
    expect(await find(['a'], { before: second?.at })).to.deep.equal([first?.id]);
    expect(await find(['a'], { after: second?.at })).to.deep.equal([third?.id, second?.id]);
    expect(await find(['a'], { after: second?.at, before: third?.at })).to.deep.equal([second?.id]);
    expect(await find(['a'], { has: ['link'] })).to.deep.equal([third?.id, second?.id]);
    expect(await find(['a'], { has: ['link', 'file'] })).to.deep.equal([second?.id]);
  });

  it('goes on behind a place, also among rows of one moment', async () => {
    const at = new Date(1_700_000_000_000);
    const rows = Array.from({ length: 7 }, (_, i) => row(i, ['a'], { at: i < 5 ? at : new Date(i) }));
    await made.store.put(rows);
    const all = await find(['a']);
    expect(all).to.have.members(rows.map((one) => one.id));
    const seen: string[] = [];
    for (let behind: SearchFilter['behind']; ;) {
      const [hit] = await made.store.find({ rooms: [room], all: ['a'], none: [], has: [], behind }, 1, 5_000);
      if (hit === undefined) break;
      seen.push(hit.id);
      behind = hit;
    }
    expect(seen).to.deep.equal(all);
  });

  it('keeps the row with the higher rev, whatever comes first', async () => {
    const old = row(1, ['old']);
    await made.store.put([old]);
    await made.store.put([{ ...old, rev: 5, words: ['new'] }, row(2, ['new'])]);
    await made.store.put([old, { ...old, rev: 5, words: ['same'] }]);
    expect(await find(['old'])).to.deep.equal([]);
    expect(await find(['same'])).to.deep.equal([]);
    expect(await find(['new'])).to.have.length(2);
    await made.store.put([{ ...old, rev: 6, words: [] }]);
    expect(await find(['new'])).to.have.length(1);
  });

  it('takes any word', async () => {
    const words = [
      '$where',
      'a.b',
      '会議',
      '🚀',
      'x'.repeat(1_000),
      ...Array.from({ length: 990 }, (_, i) => `w${i}`),
    ];
    await made.store.put([row(1, words)]);
    for (const word of words.slice(0, 6)) expect(await find([word]), word).to.have.length(1);
  });

  it('forgets a deleted room', async () => {
    await made.store.put([row(1, ['a'])]);
    await made.store.deleteRoom(room);
    expect(await find(['a'])).to.deep.equal([]);
  });

  it('has a room wait from the rise of its hint until it is indexed up to there', async () => {
    expect(await waiting()).to.deep.equal([]);
    await made.raise(room, 5, true);
    const [first] = await waiting();
    expect(first).to.include({ room, after: 0, to: 5 });
    await made.raise(room, 9, true);
    expect(await waiting()).to.deep.equal([{ ...first, to: 9 }]);
    expect(await made.marks.advance(new Map([[room, 5]]), new Date(7))).to.deep.equal([]);
    expect(await waiting()).to.deep.equal([{ room, after: 5, to: 9, since: new Date(7) }]);
    await made.marks.advance(new Map([[room, 9]]), new Date(8));
    await made.marks.advance(new Map([[room, 3]]), new Date(8));
    await made.raise(room, 10, true);
    expect((await waiting())[0]).to.include({ after: 9, to: 10 });
  });

  it('tells which rooms are no more', async () => {
    const gone = await made.makeRoom();
    await made.raise(gone, 1, true);
    await made.deleteRoom(gone);
    const reached = new Map([
      [room, 1],
      [gone, 1],
    ]);
    expect(await made.marks.advance(reached, new Date())).to.deep.equal([gone]);
    expect((await made.marks.waiting(10_000)).some((one) => one.room === gone)).to.be.false;
  });

  it('enrols rooms that are behind without a mark, once', async () => {
    await made.raise(room, 3, false);
    expect(await waiting()).to.deep.equal([]);
    expect(await made.marks.enrol(100, new Date(9))).to.equal(1);
    expect(await waiting()).to.deep.equal([{ room, after: 0, to: 3, since: new Date(9) }]);
    expect(await made.marks.enrol(100, new Date())).to.equal(0);
    await made.marks.advance(new Map([[room, 3]]), new Date());
    expect(await made.marks.enrol(100, new Date())).to.equal(0);
    await made.raise(room, 4, false);
    expect(await made.marks.enrol(100, new Date())).to.equal(1);
    expect((await waiting())[0]).to.include({ after: 3, to: 4 });
  });
}

describe('the search store in memory', () => {
  contract(async () => {
    const marks = new MemorySearchMarks();
    return {
      store: new MemorySearchStore(),
      marks,
      makeRoom: async () => {
        const room = id();
        marks.raise(room, 0);
        return room;
      },
      raise: async (room, lastSeq, isMarked) => marks.raise(room, lastSeq, isMarked ? new Date() : undefined),
      deleteRoom: async (room) => marks.forget(room),
    };
  });
});

describe('the search store in MongoDB', function () {
  this.timeout(900_000);
  let db: Mongoose | undefined;
  after(() => db?.disconnect());
  contract(async () => {
    const servers = await startServers();
    db = await connectStore(servers.mongodbUrl);
    await ensureIndexes(db, pino({ level: 'silent' }));
    const native = db.connection.getClient().db();
    const rooms = native.collection('rooms');
    const log = new MongoLogStore({ log: native.collection<LogRow>('log'), rooms });
    const by = (room: string) => ({ _id: new mongo.ObjectId(room) });
    return {
      store: new MongoSearchStore(native.collection('search')),
      marks: new MongoSearchMarks(rooms),
      makeRoom: async () => (await rooms.insertOne({ firstSeq: 0, lastSeq: 0 })).insertedId.toHexString(),
      raise: async (room, lastSeq, isMarked) => {
        if (isMarked) await log.raiseHints(new Map([[room, { firstSeq: 0, lastSeq }]]));
        else await rooms.updateOne(by(room), { $set: { lastSeq } });
      },
      deleteRoom: async (room) => {
        await rooms.updateOne(by(room), { $set: { deletedAt: new Date() } });
      },
    };
  });
});
