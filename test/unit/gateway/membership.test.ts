import { expect } from 'chai';
import { Kind } from '../../../shared/node/envelope.ts';
import { chat, idOf, type TestGateway } from '../../support/gateway-harness.ts';

const [alice, bob, room, other] = [idOf('a'), idOf('b'), idOf('1'), idOf('2')] as const;
const lists = (t: TestGateway): number => t.cluster.calls.filter((call) => call === 'room-lists').length;

describe('gateway signals', () => {
  it('closes the named session, or all of a user, with 4401', async () => {
    const t = chat();
    const [one, two] = [await t.ready(alice), await t.ready(alice, {}, idOf('d'))];
    await t.cluster.signal(alice, Kind.sessionEnded, '', 0, idOf('e'));
    await one.socket.until(({ closed }) => closed !== undefined);
    expect(one.socket.closed?.code).to.equal(4401);
    expect(two.socket.closed).to.equal(undefined);
    await t.cluster.signal(alice, Kind.sessionEnded, '', 0, '*');
    await two.socket.until(({ closed }) => closed !== undefined);
    expect(two.socket.closed?.code).to.equal(4401);
  });

  it('sends nothing of a room after its removal was signalled', async () => {
    const t = chat();
    const [a, b] = [await t.ready(alice), await t.ready(bob)];
    t.cluster.members.get(alice)!.delete(room);
    await t.cluster.signal(alice, Kind.removed, room, 7, { type: 'room.removed', room, v: 7 });
    await t.cluster.post(room, 'secret');
    await b.socket.until(() => b.socket.seqs().length > 0);
    expect(a.socket.frames.slice(1)).to.deep.equal([{ type: 'room.removed', room, v: 7 }]);
  });

  it('introduces a joined room, then gives everything from the head named there', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    await t.cluster.post(other, 'before the join');
    t.cluster.join(alice, other);
    await t.cluster.post(other, 'after it, before the signal');
    await t.cluster.signal(alice, Kind.room, other, 1, { type: 'room', room: { id: other }, head: 1 });
    await socket.until(() => socket.seqs().length > 0);
    await t.cluster.post(other, 'live');
    await socket.until(() => socket.seqs().length === 2);
    expect(socket.frames.slice(1).map(({ type }) => type)).to.deep.equal(['room', 'message', 'message']);
    expect(socket.seqs()).to.deep.equal([2, 3]);
  });

  it('ignores a join that is told after the removal that ended it', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    const late = { type: 'room', room: { id: other, v: 5 }, head: 0 };
    await t.cluster.signal(alice, Kind.removed, other, 6, { type: 'room.removed', room: other, v: 6 });
    await t.cluster.signal(alice, Kind.room, other, 0, late);
    await t.cluster.post(other, 'secret');
    await t.cluster.post(room, 'for all');
    await socket.until(() => socket.seqs().length > 0);
    expect(socket.frames.slice(1).map(({ type }) => type)).to.deep.equal(['room.removed', 'message']);
    expect(socket.ofType('message').map(({ text }) => text)).to.deep.equal(['for all']);
  });

  it('takes a user out again whose join the API does not confirm', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    const late = { type: 'room', room: { id: other, v: 5 }, head: 0 };
    await t.cluster.signal(alice, Kind.room, other, 0, late);
    await socket.until(() => socket.ofType('room.removed').length > 0);
    expect(socket.ofType('room.removed')).to.deep.equal([{ type: 'room.removed', room: other, v: 6 }]);
    await t.cluster.post(other, 'secret');
    await t.cluster.post(room, 'for all');
    await socket.until(() => socket.seqs().length > 0);
    expect(socket.ofType('message').map(({ text }) => text)).to.deep.equal(['for all']);
  });

  it('keeps a user who came back in when the removal before is told late', async () => {
    const t = chat();
    t.cluster.members.get(alice)!.set(room, [0, 7, 2]);
    const { socket } = await t.ready(alice);
    await t.cluster.signal(alice, Kind.removed, room, 6, { type: 'room.removed', room, v: 6 });
    await t.cluster.post(room, 'still in');
    await socket.until(() => socket.seqs().length > 0);
    expect(socket.ofType('room.removed')).to.deep.equal([]);
    expect(lists(t)).to.equal(1);
  });

  it('keeps a user who was removed and let in again, in whatever order and at whatever versions that is told', async () => {
    for (const [removedAt, joinedAt, first] of [
      [8, 8, 'removed'],
      [9, 8, 'joined'],
      [9, 8, 'removed'],
    ] as const) {
      const t = chat();
      t.cluster.members.get(alice)!.set(room, [0, 7, 2]);
      const { socket } = await t.ready(alice);
      t.cluster.members.get(alice)!.set(room, [0, Math.max(removedAt, joinedAt), 2]);
      const removed = { type: 'room.removed', room, v: removedAt };
      const joined = { type: 'room', room: { id: room, v: joinedAt }, head: 0 };
      if (first === 'removed') await t.cluster.signal(alice, Kind.removed, room, removedAt, removed);
      await t.cluster.signal(alice, Kind.room, room, 0, joined);
      if (first === 'joined') await t.cluster.signal(alice, Kind.removed, room, removedAt, removed);
      await t.gateway.deps.lists.confirm(t.gateway.deps.hub.users.get(alice)!);
      await t.cluster.post(room, 'in again');
      await socket.until(() => socket.seqs().length > 0);
    }
  });

  it('takes out who is removed at a version their list already told, with the API’s word or without any', async () => {
    for (const isApiAway of [false, true]) {
      const t = chat();
      const { socket } = await t.ready(alice);
      t.cluster.members.get(alice)!.delete(room);
      t.cluster.isApiAway = isApiAway;
      await t.cluster.signal(alice, Kind.removed, room, 1, { type: 'room.removed', room, v: 1 });
      await socket.until(() => socket.ofType('room.removed').length > 0);
      expect(t.gateway.deps.hub.rooms.get(room)?.members.size).to.equal(0);
    }
  });

  it('confirms many joins that come together with one reading', async () => {
    const t = chat();
    await t.ready(alice);
    const rooms = Array.from({ length: 20 }, (_, i) => i.toString(16).padStart(24, '9'));
    for (const id of rooms) t.cluster.join(alice, id);
    await Promise.all(
      rooms.map((id) => t.cluster.signal(alice, Kind.room, id, 0, { type: 'room', room: { id, v: 1 } })),
    );
    const user = t.gateway.deps.hub.users.get(alice)!;
    expect(await t.gateway.deps.lists.confirm(user)).to.equal(true);
    expect(user.rooms.size).to.equal(21);
    expect(lists(t)).to.be.at.most(2);
  });

  it('passes on nothing that a removed user says of the room', async () => {
    const t = chat();
    const [a, b] = [await t.ready(alice), await t.ready(bob)];
    t.cluster.members.get(alice)!.delete(room);
    await t.cluster.signal(alice, Kind.removed, room, 7, '');
    await a.socket.until(() => a.socket.ofType('room.removed').length > 0);
    for (const said of [
      { type: 'typing', room },
      { type: 'read', room, seq: 1 },
      { type: 'got', rooms: { [room]: 1 } },
    ])
      a.session.onText(JSON.stringify(said));
    await t.gateway.deps.cursors.flush();
    await t.cluster.post(room, 'for bob');
    await b.socket.until(() => b.socket.seqs().length > 0);
    expect(b.socket.ofType('typing')).to.deep.equal([]);
    expect(t.cluster.cursors_).to.deep.equal([]);
  });

  describe('at hello', () => {
    /** Calls `meanwhile` once, between the subscription of the rooms and `ready`. */
    const during = (t: TestGateway, meanwhile: () => Promise<void>): void => {
      const counters = t.cluster.counters.bind(t.cluster);
      let isDone = false;
      t.cluster.counters = async (rooms) => {
        const values = await counters(rooms);
        if (!isDone) {
          isDone = true;
          await meanwhile();
        }
        return values;
      };
    };

    it('a removal wins over what came before it', async () => {
      const t = chat();
      during(t, async () => {
        await t.cluster.post(room, 'secret by now');
        t.cluster.members.get(alice)!.delete(room);
        await t.cluster.signal(alice, Kind.removed, room, 7, { type: 'room.removed', room, v: 7 });
      });
      const { socket } = await t.ready(alice, { [room]: 0 });
      t.cluster.join(alice, other);
      await t.gateway.deps.lists.refresh();
      await t.cluster.post(other, 'live');
      await socket.until(() => socket.seqs().length > 0);
      expect(socket.frames[0]!['rooms']).to.deep.equal({});
      expect(socket.ofType('message').map(({ text }) => text)).to.deep.equal(['live']);
    });

    it('a removal wins over a list that was read before it', async () => {
      const t = chat();
      const cached = t.cluster.cachedRoomList.bind(t.cluster);
      const old = t.cluster.roomLists.bind(t.cluster);
      const remove = () => t.cluster.signal(alice, Kind.removed, room, 7, '');
      t.cluster.cachedRoomList = async (user, session) => {
        const list = await cached(user, session);
        await remove();
        return list;
      };
      t.cluster.roomLists = async (users) => {
        const lists = await old(users);
        await remove();
        return lists;
      };
      const { socket } = await t.ready(alice);
      expect(socket.frames[0]!['rooms']).to.deep.equal({});
    });

    it('a user who was removed and came back has the room, and hears of no removal', async () => {
      const t = chat();
      during(t, async () => {
        await t.cluster.signal(alice, Kind.removed, room, 7, { type: 'room.removed', room, v: 7 });
        t.cluster.members.get(alice)!.set(room, [0, 8, 2]);
        await t.cluster.signal(alice, Kind.room, room, 0, {
          type: 'room',
          room: { id: room, v: 8 },
          head: 0,
        });
      });
      const { socket } = await t.ready(alice);
      expect(socket.frames.map(({ type }) => type)).to.deep.equal(['ready', 'room']);
      expect(socket.frames[0]!['rooms']).to.deep.equal({ [room]: [0, 0, 8] });
    });
  });
});
