import { expect } from 'chai';
import { memoryRoomCache, memoryStorage, type ParleyClient } from '../../../shared/sdk/index.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { FakeRoom } from '../../support/fake-rooms.ts';
import { eventually, isOnline, until, usePlans, type World } from './world.ts';

describe('What one set for oneself on another device', () => {
  let world: World;
  let ada: UserSummary;
  let room: FakeRoom;

  usePlans((scene) => ({ world, ada, room } = scene));

  /** The next version, with this room a favourite or not; nobody is told. */
  const set = (favourite: boolean): void => {
    world.server.self += 1;
    const summary = FakeRoom.prototype.summary.bind(room);
    room.summary = (user) => {
      const plain = summary(user);
      return { ...plain, me: { ...plain.me, favourite } };
    };
  };
  const isFavourite = (client: ParleyClient): boolean => client.rooms.get()[0]?.me.favourite === true;

  it('is not missed between the first list and the first connection', async () => {
    world.server.refuseSockets = true;
    const client = world.client();
    await client.login({ username: 'ada', password: 'secret-1' });
    await until(client.roomsLoaded, (loaded) => loaded);
    set(true);
    const asked = world.server.count('GET /users/me');
    world.server.refuseSockets = false;
    client.wake();
    await until(client.rooms, () => isFavourite(client));
    await eventually(() => world.server.count('GET /users/me') === asked + 1);
  });

  it('is read again where a frame that told of it was lost', async () => {
    const client = await world.online('ada');
    set(true);
    world.server.self += 1;
    const me = { notify: 'none' } as const;
    world.server.sendTo(ada.id, { type: 'prefs', room: room.id, me, self: world.server.self });
    await until(client.rooms, (rooms) => rooms[0]?.me.notify === 'none');
    world.server.drop(1006);
    await until(client.connection, ({ name }) => name !== 'online');
    await until(client.rooms, () => isFavourite(client));
  });

  it('is asked for once more at a start only where it changed since the last visit', async () => {
    const options = { storage: memoryStorage(), cache: memoryRoomCache(), timing: { keepDelay: 1 } };
    const first = await world.online('ada', options);
    set(true);
    const me = { favourite: true };
    world.server.sendTo(ada.id, { type: 'prefs', room: room.id, me, self: world.server.self });
    await until(first.rooms, () => isFavourite(first));
    const isKept = async (): Promise<boolean> =>
      (await options.cache.open(ada.id)).own.blocked?.self === world.server.self;
    while (!(await isKept())) await new Promise((resolve) => setTimeout(resolve, 2));
    first.close();
    const before = world.server.count('GET /rooms');
    const second = world.client(options);
    await second.restore();
    await isOnline(second);
    await until(second.roomsLoaded, (loaded) => loaded);
    // Calls behind which another for the list would have come in.
    await second.room(room.id).open();
    await second.room(room.id).loadMembers();
    expect(world.server.count('GET /rooms') - before).to.equal(1);
  });
});
