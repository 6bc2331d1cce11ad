import { expect } from 'chai';
import { Auth } from '../../../shared/sdk/auth.ts';
import type { Http } from '../../../shared/sdk/http.ts';
import { alone, memoryStorage, presumeSession } from '../../../shared/sdk/index.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { eventually, isOnline, until, usePlans, type World } from './world.ts';

describe('A session of the engine', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;

  usePlans((scene) => ({ world, ada, bob, room } = scene));

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
    world.server.sessions.expire();
    await Promise.all([
      client.room(room.id).loadMembers(),
      client.room(room.id).open(),
      client.room(room.id).open(),
    ]);
    expect(world.server.count('POST /auth/refresh')).to.equal(1);
  });

  it('renews its token in time and tells the live socket', async () => {
    world.server.sessions.expiresIn = 0.1;
    const client = await world.online('ada');
    await eventually(() => world.server.frames.some((frame) => frame.type === 'auth'));
    expect(client.connection.get().name).to.equal('online');
  });

  it('does not renew without a pause where tokens have no life', async () => {
    world.server.sessions.expiresIn = 0;
    const begun = performance.now();
    const client = await world.online('ada');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const renewals = world.server.count('POST /auth/refresh');
    expect(renewals).to.be.at.most((performance.now() - begun) / 1_000);
    expect(client.connection.get().name).to.equal('online');
  });

  it('renews nothing any more once it is closed, not even what was under way', async () => {
    world.server.sessions.expiresIn = 0;
    let asked = 0;
    const hanging: typeof fetch = (input, init) => {
      if (!String(input).endsWith('/auth/refresh')) return fetch(input, init);
      asked += 1;
      return new Promise((_, reject) => {
        const fail = (): void => reject(new Error('aborted'));
        if (init?.signal?.aborted === true) fail();
        else init?.signal?.addEventListener('abort', fail);
      });
    };
    const client = await world.online('ada', { fetch: hanging });
    await eventually(() => asked > 0);
    const before = asked;
    client.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(asked).to.equal(before);
  });

  it('takes no answer for the session that a sign-in or sign-out replaced meanwhile', async () => {
    const storage = memoryStorage();
    (await world.online('ada', { storage })).close();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const slow: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (String(input).endsWith('/auth/refresh')) await held;
      return response;
    };
    const client = world.client({ storage, fetch: slow });
    const restored = client.restore();
    await eventually(() => world.server.count('POST /auth/refresh') > 0);
    await client.login({ username: 'bob', password: 'secret-1' });
    const kept = await storage.get('session');
    answer();
    await restored;
    expect(client.auth.get()).to.deep.equal({ name: 'signed-in', me: bob });
    expect(await storage.get('session')).to.equal(kept);
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
    world.server.sessions.expire();
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

  it('gives a token that is bound to a user only while that user is signed in', async () => {
    const ask = async (path: string): Promise<unknown> => {
      const session = world.server.sessions.open(path === '/auth/login' ? ada : bob);
      return Promise.resolve(session);
    };
    const http = { open: (_method: string, path: string) => ask(path) } as unknown as Http;
    const auth = new Auth({
      ...{ http, storage: memoryStorage(), cookies: true, random: Math.random },
      warn: () => undefined,
    });
    await auth.login({ username: 'ada', password: 'secret-1' });
    const hers = auth.boundTo(ada.id);
    const token = await hers.token();
    // The cookie is bob's by now.
    const error: unknown = await hers.renew(token).catch((e: unknown) => e);
    expect(error).to.include({ code: 'unauthorized', status: 401 });
    expect(auth.me?.id).to.equal(bob.id);
    auth.close();
  });
});
