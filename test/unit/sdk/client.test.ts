import { expect } from 'chai';
import { alone, memoryStorage, presumeSession } from '../../../shared/sdk/index.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { eventually, isOnline, shows, states, texts, until, World } from './world.ts';

describe('ParleyClient', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;

  beforeEach(async () => {
    world = new World();
    await world.open();
    ada = world.server.addUser('ada');
    bob = world.server.addUser('bob');
    room = world.server.addRoom('plans', [ada, bob]);
  });
  afterEach(() => world.close());

  describe('session', () => {
    it('rejects a wrong login with the code', async () => {
      const error: unknown = await world
        .client()
        .login({ username: 'eve', password: 'x' })
        .catch((e: unknown) => e);
      expect(error).to.include({ name: 'ApiError', code: 'unauthorized', status: 401 });
    });

    it('restores a stored session', async () => {
      const storage = memoryStorage();
      (await world.online('ada', { storage })).close();
      const client = world.client({ storage });
      await client.restore();
      expect(client.auth.get()).to.deep.equal({ name: 'signed-in', me: ada });
      await isOnline(client);
    });

    it('is signed out when nothing is stored', async () => {
      const client = world.client();
      await client.restore();
      expect(client.auth.get().name).to.equal('signed-out');
    });

    it('asks for a cookie only where one was given, and not again once it was refused', async () => {
      const storage = memoryStorage();
      const visit = async (): Promise<string> => {
        const client = world.client({ storage, cookies: true, tabs: alone() });
        await client.restore();
        client.close();
        return client.auth.get().name;
      };
      const asked = (): number => world.server.count('POST /auth/refresh');
      expect(await visit()).to.equal('signed-out');
      expect(asked()).to.equal(0);
      (await world.online('ada', { storage, cookies: true, tabs: alone() })).close();
      // The fake server knows no cookies: it refuses.
      expect(await visit()).to.equal('signed-out');
      expect(asked()).to.equal(1);
      expect(await visit()).to.equal('signed-out');
      expect(asked()).to.equal(1);
    });

    it('asks for a cookie where the storage forgets or fails', async () => {
      const failing = { ...memoryStorage(), get: () => Promise.reject(new Error('no database')) };
      for (const storage of [await presumeSession(memoryStorage()), failing]) {
        const client = world.client({ storage, cookies: true, tabs: alone() });
        await client.restore();
        expect(client.auth.get().name).to.equal('signed-out');
      }
      expect(world.server.count('POST /auth/refresh')).to.equal(2);
    });

    it('sets a new password by a token, without a session', async () => {
      const bodies: unknown[] = [];
      const client = world.client({
        fetch: (_input, init) => {
          bodies.push(init?.body);
          return Promise.resolve(new Response(null, { status: 204 }));
        },
      });
      await client.resetPassword('user.expiry.seal', 'a new beginning');
      expect(bodies).to.deep.equal([
        JSON.stringify({ token: 'user.expiry.seal', newPassword: 'a new beginning' }),
      ]);
      world.server.onCall = () => ({ status: 401, code: 'unauthorized' });
      const error: unknown = await world
        .client()
        .resetPassword('dead', 'a new beginning')
        .catch((e: unknown) => e);
      expect(error).to.include({ code: 'unauthorized', status: 401 });
      expect(client.auth.get().name).to.equal('signed-out');
    });

    it('keeps trying to restore while the server is down', async () => {
      const storage = memoryStorage();
      (await world.online('ada', { storage })).close();
      let refusals = 3;
      world.server.onCall = (call) =>
        call === 'POST /auth/refresh' && refusals-- > 0 ? { status: 503, code: 'unavailable' } : undefined;
      const client = world.client({ storage });
      await client.restore();
      expect(client.auth.get().name).to.equal('signed-in');
    });

    it('renews a refused token once for many calls', async () => {
      const client = await world.online('ada');
      world.server.expireTokens();
      await Promise.all([
        client.room(room.id).loadMembers(),
        client.room(room.id).open(),
        client.room(room.id).open(),
      ]);
      expect(world.server.count('POST /auth/refresh')).to.equal(1);
    });

    it('renews its token in time and tells the live socket', async () => {
      world.server.expiresIn = 0.1;
      const client = await world.online('ada');
      await eventually(() => world.server.frames.some((frame) => frame.type === 'auth'));
      expect(client.connection.get().name).to.equal('online');
    });

    it('signs out with the reason when the session has ended', async () => {
      const client = await world.online('ada');
      world.server.drop(4401);
      expect(await until(client.auth, ({ name }) => name === 'signed-out')).to.have.property(
        'reason',
        'dropped',
      );
      expect(client.rooms.get()).to.be.empty;
    });

    it('renews the token first when the gateway says that it expired', async () => {
      const client = await world.online('ada');
      world.server.expireTokens();
      world.server.drop(4001);
      await until(client.connection, ({ name }) => name !== 'online');
      await isOnline(client);
    });

    it('forgets session and outbox at logout', async () => {
      const storage = memoryStorage();
      const client = await world.online('ada', { storage });
      world.server.onSend = () => 'lost';
      client.room(room.id).send('unsent');
      await client.logout();
      await eventually(() => client.rooms.get().length === 0);
      expect(await storage.get('session')).to.equal(undefined);
      expect(await storage.get(`outbox:${ada.id}`)).to.equal(undefined);
    });
  });

  describe('connection', () => {
    it('comes back after every close code that is not final', async () => {
      const client = await world.online('ada');
      for (const code of [1012, 1013, 4002, 4008, 1011, 1006]) {
        world.server.drop(code);
        await until(client.connection, ({ name }) => name !== 'online');
        await isOnline(client);
      }
    });

    it('stops at a final code and says why', async () => {
      const client = await world.online('ada');
      world.server.drop(4400);
      const state = await until(client.connection, ({ name }) => name === 'stopped');
      expect(state).to.deep.equal({ name: 'stopped', reason: 'dropped' });
    });

    it('waits as long as the gateway asked, and not at all when woken', async () => {
      const client = await world.online('ada');
      world.server.sendTo(ada.id, { type: 'bye', retryAfterMs: 60_000, reason: 'draining' });
      world.server.drop(1012);
      const state = await until(client.connection, ({ name }) => name === 'waiting');
      expect(state)
        .to.have.property('at')
        .within(Date.now() + 50_000, Date.now() + 60_000);
      client.wake();
      await isOnline(client);
    });

    it('gives up a socket that is silent for twice the heartbeat', async () => {
      world.server.heartbeat = 1;
      const client = await world.online('ada');
      world.server.onFrame = (frame) => (frame.type === 'pong' ? 0 : 1);
      await until(client.connection, ({ name }) => name !== 'online');
      await isOnline(client);
    }).timeout(6_000);

    it('names the position of each room, not the highest seen', async () => {
      const client = await world.online('ada', { timing: { repairDelay: 60_000 } });
      await client.room(room.id).open();
      world.server.onFrame = (frame) => (frame.type === 'message' && frame.seq === 2 ? 0 : 1);
      for (const text of ['one', 'two', 'three']) world.server.post(room, bob, text);
      await shows(client.room(room.id), ['one', 'three']);
      world.server.onFrame = () => 1;
      world.server.drop(1006);
      await shows(client.room(room.id), ['one', 'two', 'three']);
      const hello = world.server.frames.findLast((frame) => frame.type === 'hello');
      expect(hello?.rooms).to.deep.equal({ [room.id]: 1 });
    });
  });

  describe('timeline', () => {
    it('shows each message once though frames come twice', async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      await handle.open();
      world.server.onFrame = () => 2;
      for (const text of ['one', 'two']) world.server.post(room, bob, text);
      await shows(handle, ['one', 'two']);
    });

    it('repairs a lost frame from the log', async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      await handle.open();
      world.server.onFrame = (frame) => (frame.type === 'message' && frame.seq === 1 ? 0 : 1);
      world.server.post(room, bob, 'one');
      world.server.post(room, bob, 'two');
      await shows(handle, ['one', 'two']);
      expect(world.server.count(`GET /rooms/${room.id}/log`)).to.equal(1);
    });

    it('repairs the last message when a beat tells of it', async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      await handle.open();
      world.server.onFrame = (frame) => (frame.type === 'message' ? 0 : 1);
      world.server.post(room, bob, 'one');
      world.server.sendTo(ada.id, { type: 'beat', rooms: { [room.id]: 1 } });
      await shows(handle, ['one']);
    });

    it('catches up with thousands missed and with changes of old messages', async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      world.server.post(room, bob, 'old');
      await handle.open();
      world.server.refuseSockets = true;
      world.server.drop(1006);
      await until(client.connection, ({ name }) => name !== 'online');
      for (let i = 1; i <= 1_000; i += 1) room.post(bob, `c${i}`, `missed ${i}`);
      room.edit(1, { text: 'old, edited' });
      room.addVoid();
      world.server.refuseSockets = false;
      await until(handle.timeline, ({ items }) => items.length === 1_001);
      await isOnline(client);
      expect(texts(handle)).to.deep.equal(room.all().map((message) => message.text));
    });

    it('pages back to the start and keeps unchanged rows the same objects', async () => {
      for (let i = 1; i <= 120; i += 1) room.post(bob, `c${i}`, `text ${i}`);
      const client = await world.online('ada');
      const handle = client.room(room.id);
      await handle.open();
      const newest = handle.timeline.get().items.at(-1);
      while (!handle.timeline.get().atStart) await handle.loadOlder();
      expect(handle.timeline.get().items).to.have.length(120);
      expect(handle.timeline.get().items.at(-1)).to.equal(newest);
    });

    it('keeps asking, slowly, when a hole never closes', async () => {
      const client = await world.online('ada', { timing: { repairSlow: 60_000 } });
      await client.room(room.id).open();
      world.server.onCall = (call) =>
        call.endsWith('/log') ? ({ messages: [], changed: [], to: 0, head: 5 } as never) : undefined;
      world.server.sendTo(ada.id, { type: 'gap', room: room.id, from: 1, to: 5 });
      await eventually(() => world.server.count(`GET /rooms/${room.id}/log`) > 20);
      const asked = world.server.count(`GET /rooms/${room.id}/log`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(world.server.count(`GET /rooms/${room.id}/log`)).to.equal(asked);
    });

    it('loads by itself after a reconnect when opening failed', async () => {
      world.server.post(room, bob, 'one');
      const client = await world.online('ada');
      const handle = client.room(room.id);
      world.server.onCall = (call) =>
        call.endsWith('/messages') ? { status: 503, code: 'unavailable' } : undefined;
      await handle.open().catch(() => undefined);
      expect(handle.timeline.get().error).to.be.a('string');
      world.server.onCall = () => undefined;
      world.server.drop(1006);
      await shows(handle, ['one']);
      await until(handle.timeline, ({ error }) => error === undefined);
    });

    it('shows who types, until they are done', async () => {
      const client = await world.online('ada');
      const other = await world.online('bob');
      const handle = client.room(room.id);
      await handle.loadMembers();
      other.room(room.id).setTyping();
      expect(await until(handle.typing, (users) => users.length > 0)).to.deep.equal([bob]);
      await until(handle.typing, (users) => users.length === 0);
    });
  });

  describe('room list', () => {
    it('counts unread in rooms not opened, without asking the server', async () => {
      const client = await world.online('ada');
      const calls = world.server.calls.length;
      world.server.post(room, bob, 'one');
      world.server.post(room, bob, 'two');
      const rooms = await until(client.rooms, ([first]) => first?.me.unread === 2);
      expect(rooms[0]?.lastMessage?.text).to.equal('two');
      expect(world.server.calls).to.have.length(calls);
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
  });

  describe('outbox', () => {
    it('shows a message at once and follows it to read', async () => {
      const client = await world.online('ada');
      const other = await world.online('bob');
      const handle = client.room(room.id);
      await handle.open();
      const key = handle.send('hello');
      expect([texts(handle), states(handle)]).to.deep.equal([['hello'], ['queued']]);
      await until(handle.timeline, () => states(handle)[0] === 'sent');
      expect(handle.timeline.get().items.map((item) => item.key)).to.deep.equal([key]);
      await other.room(room.id).open();
      other.room(room.id).markRead();
      await until(handle.timeline, () => states(handle)[0] === 'read');
    });

    it('sends in order, one at a time per room, each behind the one before', async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      await handle.open();
      const sent = Array.from({ length: 20 }, (_, i) => `text ${i}`);
      for (const text of sent) handle.send(text);
      await until(handle.timeline, () => states(handle).every((state) => state === 'sent'));
      expect(room.all().map((message) => message.text)).to.deep.equal(sent);
      const afters = world.server.frames.flatMap((frame) => (frame.type === 'send' ? [frame.after] : []));
      expect(afters).to.deep.equal([undefined, ...sent.slice(1).map((_, i) => i + 1)]);
    });

    it('sends again under the same id when the answer is lost, and stores it once', async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      await handle.open();
      let lost = 2;
      world.server.onSend = () => (lost-- > 0 ? 'lost' : undefined);
      handle.send('hello');
      await until(handle.timeline, () => states(handle)[0] === 'sent');
      expect(room.all()).to.have.length(1);
      expect(world.server.frames.filter((frame) => frame.type === 'send')).to.have.length(3);
    });

    it('tries again when the server asks, and fails with the reason when it refuses', async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      await handle.open();
      const answers = [
        { code: 'overloaded', retry: true } as const,
        { code: 'forbidden', retry: false } as const,
      ];
      world.server.onSend = () => answers.shift();
      const key = handle.send('hello');
      const { items } = await until(handle.timeline, () => states(handle)[0] === 'failed');
      expect(items[0]?.state).to.deep.equal({
        name: 'failed',
        code: 'forbidden',
        reason: 'refused: forbidden',
      });
      handle.retry(key);
      await until(handle.timeline, () => states(handle)[0] === 'sent');
    });

    it('drops a failed message when told to', async () => {
      const client = await world.online('ada');
      const handle = client.room(room.id);
      await handle.open();
      world.server.onSend = () => ({ code: 'forbidden', retry: false });
      const key = handle.send('hello');
      await until(handle.timeline, () => states(handle)[0] === 'failed');
      handle.discard(key);
      await shows(handle, []);
    });

    it('survives a reload, bound to its user', async () => {
      const storage = memoryStorage();
      const first = await world.online('ada', { storage });
      world.server.onSend = () => 'lost';
      world.server.onFrame = (frame) => (frame.type === 'message' ? 0 : 1);
      first.room(room.id).send('kept');
      await eventually(() => room.head === 1);
      first.close();
      world.server.onSend = () => undefined;
      await world.online('bob', { storage });
      expect(room.head).to.equal(1);
      const second = await world.online('ada', { storage });
      await eventually(() => world.server.frames.filter((frame) => frame.type === 'send').length > 1);
      await second.room(room.id).open();
      await until(second.room(room.id).timeline, () => states(second.room(room.id))[0] === 'sent');
      expect(room.all()).to.have.length(1);
    });

    it('goes over REST while no socket can be had', async () => {
      world.server.refuseSockets = true;
      const client = world.client();
      await client.login({ username: 'ada', password: 'secret-1' });
      const handle = client.room(room.id);
      await handle.open();
      handle.send('hello');
      await until(handle.timeline, () => states(handle)[0] === 'sent');
      expect(world.server.count(`POST /rooms/${room.id}/messages`)).to.equal(1);
    });

    it('sends everything once across lost sockets, lost answers and lost frames', async () => {
      const client = await world.online('ada');
      const other = await world.online('bob');
      const handles = [client.room(room.id), other.room(room.id)];
      for (const handle of handles) await handle.open();
      let n = 0;
      world.server.onSend = () => (++n % 7 === 0 ? 'lost' : undefined);
      world.server.onFrame = (frame) =>
        frame.type === 'ready' ? 1 : ++n % 5 === 0 ? 0 : n % 3 === 0 ? 2 : 1;
      for (let i = 0; i < 30; i += 1) {
        for (const [who, handle] of handles.entries()) handle.send(`${who}:${i}`);
        if (i % 10 === 5) world.server.drop(1006);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await eventually(() => room.messages.size === 60);
      world.server.onFrame = () => 1;
      world.server.onSend = () => undefined;
      world.server.publish(room, { type: 'beat', rooms: { [room.id]: room.head } });
      for (const handle of handles) {
        await until(handle.timeline, ({ items }) => items.every((item) => !item.pending));
        await shows(
          handle,
          room.all().map((message) => message.text),
        );
      }
      for (const who of [0, 1]) {
        const mine = room.all().filter(({ text }) => text.startsWith(`${who}:`));
        expect(mine.map(({ text }) => text)).to.deep.equal(
          Array.from({ length: 30 }, (_, i) => `${who}:${i}`),
        );
      }
    }).timeout(20_000);
  });
});
