import { expect } from 'chai';
import { Kind } from '../../../shared/node/envelope.ts';
import type { RoomListAnswer } from '../../../shared/node/internal.ts';
import { chat, idOf, type TestGateway } from '../../support/gateway-harness.ts';

const [alice, bob, room, other] = [idOf('a'), idOf('b'), idOf('1'), idOf('2')] as const;
const lists = (t: TestGateway): number => t.cluster.calls.filter((call) => call === 'room-lists').length;

describe('reading the lists of rooms again', () => {
  /** The rooms that each reading gave, by user; undefined where the digest said it all. */
  const watch = (t: TestGateway): (RoomListAnswer['rooms'] | undefined)[] => {
    const given: (RoomListAnswer['rooms'] | undefined)[] = [];
    const read = t.cluster.roomLists.bind(t.cluster);
    t.cluster.roomLists = async (users, digests) => {
      const answer = await read(users, digests);
      for (const { rooms } of Object.values(answer)) given.push(rooms);
      return answer;
    };
    return given;
  };

  it('repairs lost signals when the lists are read again', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    t.cluster.members.get(alice)!.delete(room);
    t.cluster.join(alice, other);
    await t.gateway.deps.lists.refresh();
    await socket.until(() => socket.ofType('beat').length > 0);
    expect(socket.ofType('room.removed')).to.deep.equal([{ type: 'room.removed', room, v: 2 }]);
    expect(socket.ofType('beat')[0]).to.deep.equal({ type: 'beat', rooms: { [other]: 0 } });
    await t.cluster.post(other, 'live');
    await socket.until(() => socket.seqs().length > 0);
  });

  it('tells of a room’s change whose signal was lost when the lists are read again, once', async () => {
    const t = chat();
    const [a, b] = [await t.ready(alice), await t.ready(bob)];
    for (const user of [alice, bob]) t.cluster.members.get(user)!.set(room, [0, 2, 2]);
    await t.gateway.deps.lists.refresh();
    await t.gateway.deps.lists.refresh();
    for (const { socket } of [a, b]) {
      await socket.until(() => socket.ofType('room').length > 0);
      expect(socket.ofType('room')).to.deep.equal([{ type: 'room', room: { id: room, v: 2 }, head: 0 }]);
    }
  });

  it('brings only those that are not as they are held', async () => {
    const t = chat();
    for (const user of [alice, bob]) await t.ready(user);
    const given = watch(t);
    await t.gateway.deps.lists.refresh();
    expect(given).to.deep.equal([undefined, undefined]);
    t.cluster.members.get(bob)!.set(room, [5, 1, 2]);
    await t.gateway.deps.lists.refresh();
    await t.gateway.deps.lists.refresh();
    expect(given.slice(2)).to.deep.equal([undefined, { [room]: [5, 1, 2] }, undefined, undefined]);
    expect(t.gateway.deps.hub.users.get(bob)?.rooms.get(room)).to.deep.equal([5, 1, 2]);
  });

  it('finds what is held and should not be, and the other way round', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    const { rooms } = t.gateway.deps.hub.users.get(alice)!;
    t.cluster.members.get(alice)!.delete(room);
    t.cluster.join(alice, other);
    await t.gateway.deps.lists.refresh();
    expect(rooms.keys()).to.deep.equal([other]);
    await socket.until(() => socket.ofType('room.removed').length > 0);
  });

  it('does not take a list for the one held where an older one was applied meanwhile', async () => {
    const t = chat();
    await t.ready(alice);
    const old = Object.fromEntries(t.cluster.members.get(alice)!);
    t.cluster.members.get(alice)!.set(room, [9, 1, 2]);
    await t.gateway.deps.lists.refresh();
    const user = t.gateway.deps.hub.users.get(alice)!;
    const read = t.cluster.roomLists.bind(t.cluster);
    t.cluster.roomLists = async (users, digests) => {
      const answer = await read(users, digests);
      await t.gateway.deps.hub.applyList(user, old);
      return answer;
    };
    await t.gateway.deps.lists.refresh();
    t.cluster.roomLists = read;
    expect(user.rooms.get(room)).to.deep.equal(old[room]);
    t.clock += 2_001;
    await t.gateway.deps.lists.tick();
    expect(user.rooms.get(room)).to.deep.equal([9, 1, 2]);
  });

  it('tells of a room’s change once it can be read, if it could not be at first', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    t.cluster.members.get(alice)!.set(room, [0, 2, 2]);
    const read = t.cluster.rooms.bind(t.cluster);
    t.cluster.rooms = () => Promise.reject(new Error('away'));
    await t.gateway.deps.lists.refresh();
    t.cluster.rooms = read;
    await t.gateway.deps.lists.refresh();
    await socket.until(() => socket.ofType('room').length > 0);
    expect(socket.ofType('room')).to.deep.equal([{ type: 'room', room: { id: room, v: 2 }, head: 0 }]);
  });

  it('does not apply a list whose reading began before a signal', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    const read = t.cluster.roomLists.bind(t.cluster);
    t.cluster.roomLists = async (users) => {
      const lists = await read(users);
      await t.cluster.signal(alice, Kind.room, other, 0, { type: 'room', room: { id: other }, head: 0 });
      return lists;
    };
    await t.gateway.deps.lists.refresh();
    expect(socket.ofType('room.removed')).to.deep.equal([]);
    expect(t.gateway.deps.hub.users.get(alice)?.rooms.has(other)).to.equal(true);
  });

  it('reads lists again soon that could not be read, and those a signal outran', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    t.gateway.deps.lists.hasten(0);
    t.cluster.isApiAway = true;
    await t.gateway.deps.lists.tick();
    t.cluster.isApiAway = false;
    t.cluster.members.get(alice)!.delete(room);
    await t.gateway.deps.lists.tick();
    expect(socket.ofType('room.removed')).to.deep.equal([]);
    t.clock += 2_001;
    await t.gateway.deps.lists.tick();
    await socket.until(() => socket.ofType('room.removed').length > 0);
    t.clock += 2_001;
    await t.gateway.deps.lists.tick();
    expect(lists(t)).to.equal(2);
  });

  it('reads all lists again when Redis is back', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    t.broker.down();
    t.cluster.members.get(alice)!.delete(room);
    t.broker.up();
    t.clock += 2_001;
    await t.gateway.deps.lists.tick();
    await socket.until(() => socket.ofType('room.removed').length > 0);
  });
});
