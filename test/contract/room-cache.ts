import { expect } from 'chai';
import type { KeptThread } from '../../shared/sdk/kept-thread.ts';
import type { CacheChanges, RoomCache } from '../../shared/sdk/room-cache.ts';
import type { Message, Room } from '../../shared/wire/rest.ts';
import type { Snapshot } from '../../shared/wire/snapshot.ts';

const ANN = 'ann';
const message = (room: string, seq: number): Message => ({
  ...{ room, seq, id: `${room}-${seq}`, kind: 'text', text: `text ${seq}`, rev: seq },
  at: '2026-01-01T00:00:00.000Z',
  sender: { id: 'bob', username: 'bob', displayName: 'Bob' },
});
const log = (room: string, from: number, known: number): Snapshot => ({
  ...{ from, known },
  messages: Array.from({ length: known - from + 1 }, (_, at) => message(room, from + at)),
});
const summary = (id: string) => ({
  room: { id, type: 'group', v: 1, head: 3, me: { readSeq: 0 } } as unknown as Room,
  members: [],
});
const thread = (room: string, root: number, at: number, fields: Partial<KeptThread> = {}): KeptThread => ({
  ...{ room, root, at, from: root, message: message(room, root) },
  replies: [{ ...message(room, root + 1), thread: root }],
  ...fields,
});
const keeps = (...threads: readonly KeptThread[]): CacheChanges['threads'] =>
  threads.map((kept) => ({ room: kept.room, root: kept.root, kept }));
const changes = (order: readonly string[], logs: Record<string, Snapshot> = {}): CacheChanges => ({
  ...{ order, restarted: [], threads: [], own: {} },
  summaries: order.map(summary),
  logs: Object.entries(logs).map(([room, kept]) => ({ room, log: kept })),
});

/** What each implementation of `RoomCache` must do; call inside `describe`. `make` gives an empty one. */
export function roomCacheContract(make: () => Promise<RoomCache>): void {
  let cache: RoomCache;
  beforeEach(async () => {
    cache = await make();
    await cache.open(ANN);
  });
  const ids = async (user = ANN): Promise<readonly string[]> =>
    (await cache.open(user)).rooms.map(({ room }) => room.id);

  it('gives back what was written, in the order of the list', async () => {
    await cache.write(ANN, changes(['b', 'a'], { a: log('a', 1, 3) }));
    const { rooms } = await cache.open(ANN);
    expect(rooms.map(({ room }) => room.id)).to.deep.equal(['b', 'a']);
    expect(rooms[0]?.log).to.equal(undefined);
    expect(rooms[1]?.log).to.deep.equal(log('a', 1, 3));
  });

  it('keeps what has come furthest, whoever writes last', async () => {
    await cache.write(ANN, changes(['a'], { a: log('a', 1, 3) }));
    await cache.write(ANN, changes(['a'], { a: log('a', 1, 2) }));
    expect((await cache.open(ANN)).rooms[0]?.log?.known).to.equal(3);
  });

  it('begins anew with a room whose history is another now, however far it came', async () => {
    const before = { a: log('a', 1, 3), b: log('b', 1, 3) };
    await cache.write(ANN, { ...changes(['a', 'b'], before), threads: keeps(thread('a', 1, 1)) });
    await cache.write(ANN, { ...changes(['a', 'b'], { a: log('a', 1, 2) }), restarted: ['a'] });
    const { rooms } = await cache.open(ANN);
    expect(rooms.map((room) => room.log?.known)).to.deep.equal([2, 3]);
    expect(rooms[0]?.threads).to.deep.equal([]);
  });

  it('lets go of a room that is not in the order any more', async () => {
    await cache.write(ANN, changes(['a', 'b'], { a: log('a', 1, 3) }));
    await cache.write(ANN, { ...changes([]), order: ['b'] });
    expect(await ids()).to.deep.equal(['b']);
    await cache.write(ANN, changes(['a', 'b']));
    expect((await cache.open(ANN)).rooms[0]?.log).to.equal(undefined);
  });

  it('keeps messages of the latest 50 rooms only', async () => {
    const order = Array.from({ length: 60 }, (_, at) => `r${at}`);
    await cache.write(ANN, changes(order, Object.fromEntries(order.map((id) => [id, log(id, 1, 2)]))));
    const { rooms } = await cache.open(ANN);
    expect(rooms).to.have.length(60);
    expect(rooms.filter((room) => room.log !== undefined)).to.have.length(50);
  });

  it('throws away what was another user’s, and takes nothing in their name', async () => {
    await cache.write(ANN, changes(['a']));
    expect(await ids('bob')).to.deep.equal([]);
    await cache.write(ANN, changes(['a']));
    expect(await ids('bob')).to.deep.equal([]);
    expect(await ids()).to.deep.equal([]);
  });

  it('is empty after it was cleared, and takes nothing until it is opened again', async () => {
    await cache.write(ANN, changes(['a']));
    await cache.clear();
    await cache.write(ANN, changes(['a']));
    expect(await ids()).to.deep.equal([]);
  });

  it('leaves out a log that makes no sense', async () => {
    const broken = { from: 3, known: 1, messages: 'none' } as unknown as Snapshot;
    await cache.write(ANN, changes(['a'], { a: broken }));
    const [room] = (await cache.open(ANN)).rooms;
    expect(room?.room.id).to.equal('a');
    expect(room?.log).to.equal(undefined);
  });

  const roots = async (): Promise<readonly number[]> =>
    (await cache.open(ANN)).rooms.flatMap(({ threads }) => threads.map(({ root }) => root));

  it('gives back threads with their rooms, and lets go of those that are not kept any more', async () => {
    const kept = thread('a', 3, 1);
    await cache.write(ANN, { ...changes(['b', 'a']), threads: keeps(kept, thread('a', 7, 2)) });
    const { rooms } = await cache.open(ANN);
    expect(rooms[0]?.threads).to.deep.equal([]);
    expect(rooms[1]?.threads).to.deep.include(kept);
    await cache.write(ANN, { ...changes(['a']), threads: [{ room: 'a', root: 3, kept: undefined }] });
    expect(await roots()).to.deep.equal([7]);
  });

  it('keeps the 20 threads that were looked at last, whatever room they are of', async () => {
    const all = Array.from({ length: 30 }, (_, n) => thread(n % 2 === 0 ? 'a' : 'b', n + 1, 1_000 - n));
    for (const one of all) await cache.write(ANN, { ...changes(['a', 'b']), threads: keeps(one) });
    expect([...(await roots())].sort((a, b) => a - b)).to.deep.equal(
      all.slice(0, 20).map(({ root }) => root),
    );
  });

  it('lets go of the threads of a room that is not in the order any more', async () => {
    const threads = keeps(thread('a', 1, 1), thread('b', 5, 2));
    await cache.write(ANN, { ...changes(['a', 'b']), threads });
    await cache.write(ANN, { ...changes([]), order: ['b'] });
    await cache.write(ANN, changes(['a', 'b']));
    expect(await roots()).to.deep.equal([5]);
  });

  it('keeps of each message of a thread what has come furthest', async () => {
    const gone = { ...message('a', 2), thread: 1, text: '', deletedAt: '2026-01-01T00:00:00.000Z', rev: 9 };
    await cache.write(ANN, { ...changes(['a']), threads: keeps(thread('a', 1, 1, { replies: [gone] })) });
    await cache.write(ANN, { ...changes(['a']), threads: keeps(thread('a', 1, 2)) });
    const [kept] = (await cache.open(ANN)).rooms[0]?.threads ?? [];
    expect(kept?.replies).to.deep.equal([gone]);
    expect(kept?.at).to.equal(2);
  });

  it('keeps the threads one follows and whom one blocked, each until it changes', async () => {
    const followed = [
      { room: 'a', message: message('a', 1), following: true, readSeq: 0, unread: 1 },
    ] as const;
    await cache.write(ANN, { ...changes(['a']), own: { followed } });
    await cache.write(ANN, { ...changes(['a']), own: { blocked: { self: 3, users: ['eve'] } } });
    expect((await cache.open(ANN)).own).to.deep.equal({ followed, blocked: { self: 3, users: ['eve'] } });
    await cache.clear();
    expect(await cache.open(ANN)).to.deep.equal({ rooms: [], own: {} });
  });

  it('leaves out threads and lists that make no sense', async () => {
    const broken = { ...thread('a', 1, 1), replies: [{ seq: 2 }] } as unknown as KeptThread;
    const own = { followed: [null], blocked: { self: 'x' } } as unknown as CacheChanges['own'];
    await cache.write(ANN, { ...changes(['a']), threads: keeps(broken), own });
    expect(await roots()).to.deep.equal([]);
    expect((await cache.open(ANN)).own).to.deep.equal({});
  });
}
