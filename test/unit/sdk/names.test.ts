import { expect } from 'chai';
import type { ParleyClient } from '../../../shared/sdk/index.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import type { Me, UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { eventually, isOnline, shows, until, usePlans, type World } from './world.ts';

describe('names and statuses after an absence', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;
  usePlans((scene) => ({ world, ada, bob, room } = scene));

  /** The socket is away while the server makes a change of which no frame tells. */
  async function away(client: ParleyClient, change: () => void): Promise<void> {
    world.server.refuseSockets = true;
    world.server.drop(1006);
    await until(client.connection, ({ name }) => name === 'waiting');
    change();
    world.server.calls.length = 0;
    world.server.refuseSockets = false;
    client.wake();
    await isOnline(client);
  }
  const become = (user: UserSummary, more: Partial<Me>): void => {
    const next = { ...user, ...more };
    world.server.users.set(user.id, next);
    for (const { members } of world.server.rooms.values()) {
      const member = members.get(user.id);
      if (member !== undefined) members.set(user.id, { ...member, user: next });
    }
  };
  const peers = (client: ParleyClient): unknown[] =>
    client.rooms.get().flatMap(({ peer }) => (peer === undefined ? [] : [peer.displayName, peer.status]));

  it('are those of now for all direct conversations and who spoke last, by one call', async () => {
    const eve = world.server.addUser('eve');
    for (const other of [bob, eve]) world.server.addRoom('', [ada, other], 'dm');
    world.server.post(room, eve, 'hello');
    const client = await world.online('ada');
    await away(client, () => {
      become(bob, { status: 'on a train' });
      become(eve, { displayName: 'Eve B.' });
    });
    await until(client.rooms, () => peers(client).includes('Eve B.') && peers(client).includes('on a train'));
    expect(client.room(room.id).info.get()?.lastMessage?.sender.displayName).to.equal('Eve B.');
    expect(world.server.count('GET /users')).to.equal(1);
    expect(world.server.count('GET /rooms')).to.equal(0);
  });

  it('cost a first connection nothing, nor one who has nobody in the list', async () => {
    const client = await world.online('ada');
    await away(client, () => undefined);
    expect(world.server.count('GET /users')).to.equal(0);
  });

  it('are read again where the call failed', async () => {
    world.server.addRoom('', [ada, bob], 'dm');
    const client = await world.online('ada');
    let refusals = 0;
    world.server.onCall = (call) =>
      call === 'GET /users' && (refusals += 1) === 1 ? { status: 503, code: 'unavailable' } : undefined;
    await away(client, () => {
      become(bob, { displayName: 'Bobby' });
    });
    await until(client.rooms, () => peers(client).includes('Bobby'));
  });

  it('are those of now in a room that is opened next', async () => {
    world.server.post(room, bob, 'hello');
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    await shows(handle, ['hello']);
    await away(client, () => {
      become(bob, { displayName: 'Bobby' });
    });
    await handle.open();
    const isNew = (): boolean => handle.timeline.get().items[0]?.message.sender.displayName === 'Bobby';
    await until(handle.timeline, isNew);
    await until(handle.members, (members) => members.some(({ user }) => user.displayName === 'Bobby'));
  });

  it('are those of now in a room too large for its members to be read again', async () => {
    for (let n = 0; n <= LIMITS.receiptMembers; n += 1) room.join(world.server.addUser(`u${n}`));
    world.server.post(room, bob, 'hello');
    world.server.post(room, ada, 'my own words stand last');
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    const stop = handle.timeline.subscribe(() => undefined);
    await away(client, () => {
      become(bob, { displayName: 'Bobby' });
    });
    await until(handle.timeline, ({ items }) => items[0]?.message.sender.displayName === 'Bobby');
    expect(world.server.count(`GET /rooms/${room.id}/members`)).to.equal(0);
    expect(world.server.count('GET /users')).to.equal(1);
    stop();
  });

  const mine = (client: ParleyClient): Me | undefined => {
    const auth = client.auth.get();
    return auth.name === 'signed-in' ? auth.me : undefined;
  };

  it('of one’s own profile, changed on another device, are taken over with what only oneself sees', async () => {
    const client = await world.online('ada');
    await away(client, () => {
      become(ada, { displayName: 'Ada L.', status: 'away', hidePresence: true });
      world.server.self = 1;
    });
    await until(client.auth, () => mine(client)?.displayName === 'Ada L.');
    expect(mine(client)).to.include({ status: 'away', hidePresence: true });
  });

  it('of one’s own profile are not asked for where nothing says that they changed', async () => {
    world.server.self = 4;
    const client = await world.online('ada');
    await eventually(() => world.server.count('GET /users/me') === 1);
    world.server.sendTo(ada.id, { type: 'user', user: { ...ada, displayName: 'Ada L.' }, self: 5 });
    await until(client.auth, () => mine(client)?.displayName === 'Ada L.');
    await eventually(() => world.server.count('GET /users/me') === 2);
    world.server.self = 5;
    await away(client, () => undefined);
    expect(world.server.count('GET /users/me')).to.equal(0);
    expect(world.server.count('GET /rooms')).to.equal(0);
  });
});
