import { expect } from 'chai';
import { Redis } from 'ioredis';
import { roomListKey } from '../../shared/node/keys.ts';
import type { Room, Session } from '../../shared/wire/rest.ts';
import { PASSWORD, startApi, type Account, type ApiNode } from '../support/api-node.ts';
import { startServers } from '../support/servers.ts';
import { proxied, type TcpProxy } from '../support/tcp-proxy.ts';

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('an API node whose servers go away', () => {
  let api: ApiNode;
  let store: TcpProxy;
  let redis: TcpProxy;
  let ann: Account;
  before(async function () {
    this.timeout(240_000);
    const servers = await startServers();
    const [mongo, cache] = [await proxied(servers.mongodbUrl), await proxied(servers.redisUrl)];
    [store, redis] = [mongo.proxy, cache.proxy];
    api = await startApi({ servers: { mongodbUrl: mongo.url, redisUrl: cache.url } });
    ann = await api.register();
  });
  afterEach(async () => {
    store.mend();
    redis.mend();
    await until(async () => (await readiness()).body.status === 'ready');
  });
  after(async () => {
    await api?.stop();
    await Promise.all([store?.close(), redis?.close()]);
  });

  const readiness = () => api.call<{ status: string; reasons: string[] }>('GET', '/readyz');

  it('is degraded without Redis, and does everything', async () => {
    redis.cut();
    await until(async () => (await readiness()).body.status === 'degraded');
    const state = await readiness();
    expect(state.status).to.equal(200);
    expect(state.body.reasons).to.deep.equal(['Redis cannot be reached']);
    const bob = await api.register();
    const { token } = ann;
    const room = await api.call<Room>('POST', '/rooms', { token, body: { type: 'dm', user: bob.id } });
    expect(room.status).to.equal(201);
    const path = `/rooms/${room.body.id}/messages`;
    expect(
      (await api.call('POST', path, { token, body: { clientId: 'c1', text: 'hello' } })).status,
    ).to.equal(201);
    expect(
      (await api.call<Room>('GET', `/rooms/${room.body.id}`, { token: bob.token })).body.me.unread,
    ).to.equal(1);
  });

  it('still ends sessions without Redis', async () => {
    redis.cut();
    await until(async () => (await readiness()).body.status === 'degraded');
    const body = { username: ann.username, password: PASSWORD };
    const { accessToken } = (await api.call<Session>('POST', '/auth/login', { body })).body;
    expect((await api.call('POST', '/auth/logout', { token: accessToken })).status).to.equal(204);
    expect((await api.call('GET', '/users/me', { token: accessToken })).status).to.equal(401);
  });

  it('forgets the cached room list of who was removed without Redis as soon as it is back', async () => {
    const servers = await startServers();
    const bob = await api.register();
    const body = { type: 'group', name: 'Away', members: [bob.id] };
    const room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
    await api.internal('/room-lists', { users: { [bob.id]: [] } });
    const cache = new Redis(servers.redisUrl);
    expect(await cache.get(roomListKey(bob.id))).to.include(room);
    redis.cut();
    const path = `/rooms/${room}/members/${bob.id}`;
    expect((await api.call('DELETE', path, { token: ann.token })).status).to.equal(204);
    expect(await cache.get(roomListKey(bob.id))).to.include(room);
    redis.mend();
    await until(async () => (await cache.get(roomListKey(bob.id))) === null);
    cache.disconnect();
  });

  it('starts without Redis', async function () {
    this.timeout(30_000);
    const servers = await startServers();
    const lonely = await startApi({ servers: { ...servers, redisUrl: 'redis://127.0.0.1:1' } });
    expect((await lonely.call<{ status: string }>('GET', '/readyz')).body.status).to.equal('degraded');
    await lonely.register();
    await lonely.stop();
  });

  it('answers 503 without MongoDB, and recovers by itself', async function () {
    this.timeout(60_000);
    store.cut();
    await until(async () => (await readiness()).status === 503);
    const problem = await api.refused('POST', '/auth/login', {
      body: { username: ann.username, password: PASSWORD },
    });
    expect(problem).to.deep.include({ status: 503, code: 'unavailable' });
    expect((await api.call('GET', '/healthz')).status).to.equal(200);
  });

  it('refuses to start without MongoDB, in seconds', async function () {
    this.timeout(30_000);
    const servers = await startServers();
    const start = startApi({ servers: { ...servers, mongodbUrl: 'mongodb://127.0.0.1:1/none' } });
    const error: unknown = await start.catch((cause: unknown) => cause);
    expect(error).to.be.an('error').with.property('message').that.includes('127.0.0.1:1');
  });
});
