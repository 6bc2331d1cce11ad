import { expect } from 'chai';
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
const changes = (order: readonly string[], logs: Record<string, Snapshot> = {}): CacheChanges => ({
  order,
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
    (await cache.open(user)).map(({ room }) => room.id);

  it('gives back what was written, in the order of the list', async () => {
    await cache.write(ANN, changes(['b', 'a'], { a: log('a', 1, 3) }));
    const rooms = await cache.open(ANN);
    expect(rooms.map(({ room }) => room.id)).to.deep.equal(['b', 'a']);
    expect(rooms[0]?.log).to.equal(undefined);
    expect(rooms[1]?.log).to.deep.equal(log('a', 1, 3));
  });

  it('keeps what has come furthest, whoever writes last', async () => {
    await cache.write(ANN, changes(['a'], { a: log('a', 1, 3) }));
    await cache.write(ANN, changes(['a'], { a: log('a', 1, 2) }));
    expect((await cache.open(ANN))[0]?.log?.known).to.equal(3);
  });

  it('lets go of a room that is not in the order any more', async () => {
    await cache.write(ANN, changes(['a', 'b'], { a: log('a', 1, 3) }));
    await cache.write(ANN, { order: ['b'], summaries: [], logs: [] });
    expect(await ids()).to.deep.equal(['b']);
    await cache.write(ANN, changes(['a', 'b']));
    expect((await cache.open(ANN))[0]?.log).to.equal(undefined);
  });

  it('keeps messages of the latest 50 rooms only', async () => {
    const order = Array.from({ length: 60 }, (_, at) => `r${at}`);
    await cache.write(ANN, changes(order, Object.fromEntries(order.map((id) => [id, log(id, 1, 2)]))));
    const rooms = await cache.open(ANN);
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
    const [room] = await cache.open(ANN);
    expect(room?.room.id).to.equal('a');
    expect(room?.log).to.equal(undefined);
  });
}
