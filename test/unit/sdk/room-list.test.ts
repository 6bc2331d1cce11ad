import { expect } from 'chai';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { eventually, texts, until, usePlans, type World } from './world.ts';

describe('The room list', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;

  usePlans((scene) => ({ world, ada, bob, room } = scene));

  it('counts unread in rooms not opened, without asking the server', async () => {
    const client = await world.online('ada');
    // Lists of other things may still be read when the rooms are there.
    const asked = (): number => world.server.calls.filter((call) => call.includes('/rooms')).length;
    const calls = asked();
    world.server.post(room, bob, 'one');
    world.server.post(room, bob, 'two');
    const rooms = await until(client.rooms, ([first]) => first?.me.unread === 2);
    expect(rooms[0]?.lastMessage?.text).to.equal('two');
    expect(asked()).to.equal(calls);
  });

  it('counts what came while away, replayed or not', async () => {
    const client = await world.online('ada');
    for (const limit of [100, 0]) {
      world.server.replayLimit = limit;
      world.server.refuseSockets = true;
      world.server.drop(1006);
      await until(client.connection, ({ name }) => name !== 'online');
      room.post(bob, `c${limit}`, 'missed');
      world.server.refuseSockets = false;
      await until(client.rooms, ([first]) => first?.me.unread === (limit === 100 ? 1 : 2));
    }
  });

  it('lets go of the messages of rooms not looked at for long, and goes on counting there', async () => {
    world.server.post(room, bob, 'one');
    const others = Array.from({ length: 50 }, (_, i) => world.server.addRoom(`room ${i}`, [ada, bob]));
    const client = await world.online('ada');
    await client.room(room.id).open();
    client.room(room.id).markRead();
    for (const other of others) await client.room(other.id).open();
    expect(texts(client.room(room.id))).to.be.empty;
    world.server.post(room, bob, 'two');
    await until(client.rooms, ([first]) => first?.id === room.id && first.me.unread === 1);
    await client.room(room.id).open();
    expect(texts(client.room(room.id))).to.deep.equal(['one', 'two']);
  });

  it('moves the latest active room to the top', async () => {
    const later = world.server.addRoom('later', [ada, bob]);
    const client = await world.online('ada');
    expect(client.rooms.get().map(({ id }) => id)).to.deep.equal([later.id, room.id]);
    world.server.post(room, bob, 'news');
    await until(client.rooms, ([first]) => first?.id === room.id);
  });

  it('takes in a room it is added to and lets go of one it is removed from', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    world.server.post(room, bob, 'secret');
    await handle.open();
    const added = world.server.addRoom('new', [ada, bob]);
    world.server.publish(added, { type: 'room', room: added.shared(), head: 0 });
    await until(client.rooms, (rooms) => rooms.some(({ id }) => id === added.id));
    world.server.sendTo(ada.id, { type: 'room.removed', room: room.id, v: 2 });
    room.members.delete(ada.id);
    await until(client.rooms, (rooms) => !rooms.some(({ id }) => id === room.id));
    expect(texts(handle)).to.be.empty;
  });

  it('shows a conversation that somebody began with its first message, or once one opens it', async () => {
    const client = await world.online('ada');
    const begun = (): FakeRoom => {
      const dm = world.server.addRoom('', [ada, bob], 'dm');
      dm.unopened.add(ada.id);
      world.server.publish(dm, { type: 'room', room: dm.shared(), head: 0 });
      return dm;
    };
    const [written, opened] = [begun(), begun()];
    const isListed = (dm: FakeRoom) => client.rooms.get().some(({ id }) => id === dm.id);
    const known = (dm: FakeRoom) => until(client.room(dm.id).info, (info) => info !== undefined);
    await Promise.all([known(written), known(opened)]);
    expect([isListed(written), isListed(opened)]).to.deep.equal([false, false]);
    world.server.post(written, bob, 'hello');
    await until(client.rooms, ([first]) => first?.id === written.id && first.me.unread === 1);
    expect(isListed(opened)).to.equal(false);
    world.server.sendTo(ada.id, { type: 'prefs', room: opened.id, me: { unopened: false } });
    await until(client.rooms, () => isListed(opened));
  });

  it('takes in a room it only hears a beat of: the news of being added was lost', async () => {
    const client = await world.online('ada');
    const added = world.server.addRoom('new', [ada, bob]);
    world.server.sendTo(ada.id, { type: 'beat', rooms: { [added.id]: 0 } });
    await until(client.rooms, (rooms) => rooms.some(({ id }) => id === added.id));
  });

  it('drops a room that ready lacks and reads one whose version rose', async () => {
    const other = world.server.addRoom('old name', [ada, bob]);
    const client = await world.online('ada');
    room.members.delete(ada.id);
    other.name = 'new name';
    other.v = 2;
    world.server.drop(1006);
    const rooms = await until(client.rooms, ([first]) => first?.name === 'new name');
    expect(rooms).to.have.length(1);
  });

  it('syncs what was read to other devices, and tells it again after an absence', async () => {
    const client = await world.online('ada');
    const phone = await world.online('ada');
    world.server.post(room, bob, 'one');
    await client.room(room.id).open();
    await until(phone.rooms, ([first]) => first?.me.unread === 1);
    world.server.refuseSockets = true;
    world.server.drop(1006);
    await until(client.connection, ({ name }) => name !== 'online');
    client.room(room.id).markRead();
    expect(client.rooms.get()[0]?.me.unread).to.equal(0);
    world.server.refuseSockets = false;
    await until(phone.rooms, ([first]) => first?.me.unread === 0);
    expect(room.members.get(ada.id)?.readSeq).to.equal(1);
  });

  it('keeps a room marked unread though a receipt of before comes behind that', async () => {
    const client = await world.online('ada');
    for (const text of ['one', 'two']) world.server.post(room, bob, text);
    const read = { type: 'read', room: room.id, user: ada.id, seq: 2 } as const;
    world.server.sendTo(ada.id, read);
    await until(client.rooms, ([first]) => first?.me.unread === 0);
    room.members.get(ada.id)!.readSeq = 0;
    world.server.sendTo(ada.id, { type: 'prefs', room: room.id, me: { readSeq: 0, rewinds: 1 } });
    await until(client.rooms, ([first]) => first?.me.unread === 2);
    const asked = world.server.calls.length;
    world.server.sendTo(ada.id, read);
    await eventually(() => world.server.calls.length > asked);
    expect(client.rooms.get()[0]?.me).to.include({ unread: 2, readSeq: 0 });
  });

  it('never moves what was read back for a cursor that is older, and tells the newer one again', async () => {
    world.server.post(room, bob, 'one');
    const client = await world.online('ada');
    await client.room(room.id).open();
    client.room(room.id).markRead();
    await eventually(() => room.members.get(ada.id)?.readSeq === 1);
    world.server.sendTo(ada.id, { type: 'read', room: room.id, user: ada.id, seq: 0 });
    room.members.get(ada.id)!.readSeq = 0; // a server that has not written it yet
    world.server.drop(1006);
    await eventually(() => room.members.get(ada.id)?.readSeq === 1);
    expect(client.rooms.get()[0]?.me).to.include({ readSeq: 1, unread: 0 });
  });

  it('takes over what another device read while this one was away', async () => {
    world.server.post(room, bob, 'one');
    const client = await world.online('ada');
    expect(client.rooms.get()[0]?.me.unread).to.equal(1);
    world.server.refuseSockets = true;
    world.server.drop(1006);
    await until(client.connection, ({ name }) => name !== 'online');
    room.members.get(ada.id)!.readSeq = 1;
    world.server.refuseSockets = false;
    await until(client.rooms, ([first]) => first?.me.unread === 0);
  });

  it('counts a message once whose frame comes behind a list that counts it already', async () => {
    const client = await world.online('ada');
    world.server.onFrame = (frame) => (frame.type === 'message' ? 0 : 1);
    const message = world.server.post(room, bob, 'one');
    world.server.onFrame = () => 1;
    // A room of a higher version is read anew, with the message in its count.
    room.v = 2;
    const told = { [room.id]: [1, 0, 2] as const };
    world.server.sendTo(ada.id, { type: 'ready', user: ada.id, session: 's', heartbeat: 25, rooms: told });
    await until(client.rooms, ([first]) => first?.v === 2 && first.me.unread === 1);
    world.server.publish(room, { type: 'message', ...message });
    world.server.post(room, bob, 'two');
    await until(client.rooms, ([first]) => first?.lastMessage?.text === 'two');
    expect(client.rooms.get()[0]?.me.unread).to.equal(2);
  });

  it('does not bring back a room by a list that was read before the removal', async () => {
    const client = await world.online('ada');
    const other = world.server.addRoom('other', [ada, bob]);
    let hold = true;
    const late: (() => void)[] = [];
    const slow = world.client({
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        if (hold && String(input).endsWith('/rooms'))
          await new Promise<void>((resolve) => late.push(resolve));
        return answer;
      },
    });
    await slow.login({ username: 'ada', password: 'secret-1' });
    await eventually(() => late.length > 0 && slow.connection.get().name !== 'connecting');
    hold = false;
    other.members.delete(ada.id);
    world.server.sendTo(ada.id, { type: 'room.removed', room: other.id, v: 2 });
    room.members.delete(ada.id);
    world.server.drop(1006);
    await until(slow.connection, ({ name }) => name !== 'online');
    await until(slow.connection, ({ name }) => name === 'online');
    for (const answer of late) answer();
    await until(slow.roomsLoaded, (loaded) => loaded);
    expect(slow.rooms.get()).to.be.empty;
    await until(client.rooms, (rooms) => rooms.length === 0);
  });

  it('shows a new name in the list, in loaded messages and for oneself', async () => {
    world.server.post(room, bob, 'one');
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    await handle.loadMembers();
    world.server.sendTo(ada.id, { type: 'user', user: { ...bob, displayName: 'Bobby' } });
    await until(handle.timeline, ({ items }) => items[0]?.message.sender.displayName === 'Bobby');
    expect(client.rooms.get()[0]?.lastMessage?.sender.displayName).to.equal('Bobby');
    expect(handle.members.get().map(({ user }) => user.displayName)).to.deep.equal(['ada', 'Bobby']);
    const before = handle.timeline.get().items;
    world.server.sendTo(ada.id, { type: 'user', user: { ...ada, displayName: 'Ada L.' } });
    await until(client.auth, (state) => state.name === 'signed-in' && state.me.displayName === 'Ada L.');
    expect(handle.timeline.get().items).to.equal(before);
  });
});
