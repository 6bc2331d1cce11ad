import { expect } from 'chai';
import {
  memoryStorage,
  type ClientOptions,
  type ParleyClient,
  type Storage,
} from '../../../shared/sdk/index.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { Visits } from './visits.ts';
import { eventually, isOnline, shows, states, until, usePlans, World } from './world.ts';

describe('A reload during an outage', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;
  let visits: Visits;
  let storage: Storage;

  usePlans((scene) => ({ world, ada, bob, room } = scene));
  beforeEach(async () => {
    visits = new Visits(world);
    ({ storage } = visits);
    (await world.online('ada', { storage })).close();
    visits.isAway = true;
  });

  const reloaded = async (options: Partial<ClientOptions> = {}): Promise<ParleyClient> => {
    const client = world.client({ storage, ...options });
    void client.restore();
    await until(client.auth, (state) => state.name === 'restoring' && state.me !== undefined);
    return client;
  };

  it('lets who was here last write at once; it is sent when the server is back', async () => {
    const client = await reloaded();
    const handle = client.room(room.id);
    handle.send('written in the dark');
    expect(states(handle)).to.deep.equal(['queued']);
    expect(handle.timeline.get().items[0]?.message.sender).to.include({ id: ada.id, username: 'ada' });
    expect(client.connection.get().name).to.equal('offline');
    await visits.comeBack(client);
    await handle.open();
    await until(handle.timeline, () => states(handle).join() === 'sent');
    expect(room.all().map(({ text }) => text)).to.deep.equal(['written in the dark']);
  });

  it('shows what was queued before, and keeps what is queued now for the next reload', async () => {
    const first = await reloaded();
    first.room(room.id).send('one');
    await eventually(() => first.room(room.id).timeline.get().items.length === 1);
    first.room(room.id).send('two');
    await new Promise((resolve) => setTimeout(resolve, 5));
    first.close();
    const second = await reloaded();
    await shows(second.room(room.id), ['one', 'two']);
    expect(states(second.room(room.id))).to.deep.equal(['queued', 'queued']);
  });

  it('sends nothing under another name when the session turns out to be another user’s', async () => {
    const client = await reloaded();
    client.room(room.id).send('from ada');
    await new Promise((resolve) => setTimeout(resolve, 5));
    const hers = await storage.get('session');
    // Bob can sign in, while nobody can refresh yet: this page must not be ada's again before.
    world.server.onCall = (call) =>
      call === 'POST /auth/refresh' ? { status: 503, code: 'unavailable', retryAfter: 0.05 } : undefined;
    const other = world.client();
    await other.login({ username: 'bob', password: 'secret-1' });
    await storage.set('session', 'refresh-of-bob');
    world.server.onCall = (call) =>
      call === 'POST /auth/refresh' ? (world.server.sessions.open(bob) as never) : undefined;
    client.wake();
    await until(client.auth, (state) => state.name === 'signed-in' && state.me.id === bob.id);
    await isOnline(client);
    expect(client.room(room.id).timeline.get().items).to.be.empty;
    world.server.onCall = () => undefined;
    client.close();
    expect(room.messages.size).to.equal(0);
    await storage.set('session', hers ?? '');
    const back = world.client({ storage });
    await back.restore();
    await eventually(() => room.messages.size === 1);
    expect(room.messages.get(1)?.sender.id).to.equal(ada.id);
  });

  it('is over when the server says that the session ended, and forgets who was here', async () => {
    const client = await reloaded();
    world.server.onCall = () => ({ status: 401, code: 'unauthorized' });
    client.wake();
    await until(client.auth, ({ name }) => name === 'signed-out');
    expect(() => client.room(room.id).send('too late')).to.throw('signed out');
    expect(await storage.get('me')).to.equal(undefined);
  });
});

describe('A message queued for a room one was removed from', () => {
  it('fails with the reason and stays where its writer can see it until discarded', async () => {
    const world = new World();
    await world.open();
    try {
      const ada = world.server.addUser('ada');
      const room = world.server.addRoom('plans', [ada]);
      const storage = memoryStorage();
      const client = await world.online('ada', { storage });
      world.server.refuseSockets = true;
      world.server.drop(1006);
      await until(client.connection, ({ name }) => name !== 'online');
      world.server.onCall = () => ({ status: 503, code: 'unavailable' });
      const key = client.room(room.id).send('to those I was with');
      room.members.delete(ada.id);
      world.server.onSend = () => ({ code: 'not_found', retry: false });
      world.server.onCall = () => undefined;
      world.server.refuseSockets = false;
      client.wake();
      const [refused] = await until(client.refused, ({ length }) => length === 1);
      expect(refused).to.include({ key, room: room.id, text: 'to those I was with', code: 'not_found' });
      expect(states(client.room(room.id))).to.deep.equal(['failed']);
      client.close();
      const again = await world.online('ada', { storage });
      await until(again.refused, ({ length }) => length === 1);
      again.room(room.id).discard(key);
      await until(again.refused, ({ length }) => length === 0);
    } finally {
      await world.close();
    }
  });
});
