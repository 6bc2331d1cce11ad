import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { Problem, Room } from '../../shared/wire/rest.ts';
import { PASSWORD, startApi, type Account, type ApiNode } from '../support/api-node.ts';
import { startServers } from '../support/servers.ts';
import { proxied, type TcpProxy } from '../support/tcp-proxy.ts';

describe('rate limits', () => {
  let api: ApiNode;
  let redis: Redis;
  before(async function () {
    this.timeout(240_000);
    const servers = await startServers();
    redis = new Redis(servers.redisUrl);
    const env = {
      RATE_LIMITS: 'on',
      RATE_LIMIT_LOGIN: '3/15m',
      RATE_LIMIT_SEARCH: '2/1m',
      RATE_LIMIT_SEND: '3/1m',
      RATE_LIMIT_PASSWORD: '2/1m',
      RATE_LIMIT_REGISTER: '12/1h',
    };
    api = await startApi({ servers, env });
  });
  after(async () => {
    redis?.disconnect();
    await api?.stop();
  });

  const from = (address: string) => ({ 'x-forwarded-for': address });
  const login = (username: string, password: string, address = '192.0.2.1') =>
    api.call<Problem>('POST', '/auth/login', { body: { username, password }, headers: from(address) });
  const failures = async (username: string, address?: string) => {
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await login(username, 'wrong horse', address)).status);
    return statuses;
  };

  it('block a name at an address after so many wrong passwords, and say until when', async () => {
    const { username } = await api.register();
    expect(await failures(username)).to.deep.equal([401, 401, 401, 429, 429]);
    const answer = await login(username, PASSWORD);
    expect(answer.body.code).to.equal('rate_limited');
    expect(Number(answer.headers.get('retry-after'))).to.be.within(800, 900);
    expect((await login(username, PASSWORD, '192.0.2.2')).status, 'elsewhere').to.equal(200);
  });

  it('tell nothing about which names there are', async () => {
    expect(await failures('nobody-here')).to.deep.equal([401, 401, 401, 429, 429]);
  });

  it('let nobody try out many e-mail addresses', async () => {
    const [{ token }, taken] = [await api.register(), `${randomUUID()}@example.org`];
    const patch = (by: string, email: string) =>
      api.call<Problem>('PATCH', '/users/me', { token: by, body: { email } });
    expect((await patch((await api.register()).token, taken)).status).to.equal(200);
    const refused = await patch(token, taken);
    expect(refused.body).to.deep.include({
      code: 'conflict',
      errors: [{ field: 'email', message: 'cannot be used' }],
    });
    expect((await patch(token, `${randomUUID()}@example.org`)).status).to.equal(200);
    expect((await patch(token, taken)).status).to.equal(429);
    expect((await patch(token, '')).status, 'none at all').to.equal(200);
  });

  it('forget wrong passwords at the right one', async () => {
    const { username } = await api.register();
    for (let round = 0; round < 3; round++) {
      await login(username, 'wrong horse');
      await login(username, 'wrong horse');
      expect((await login(username, PASSWORD)).status).to.equal(200);
    }
  });

  it('count IPv6 by its network', async () => {
    const { username } = await api.register();
    const statuses: number[] = [];
    for (let i = 1; i <= 4; i++)
      statuses.push((await login(username, 'wrong horse', `2001:db8:0:1::${i}`)).status);
    expect(statuses).to.deep.equal([401, 401, 401, 429]);
  });

  it('hold for searches and passwords, each user for themself', async () => {
    const [ann, bob] = [await api.register(), await api.register()];
    const search = async (token: string) => (await api.call('GET', '/search?q=x', { token })).status;
    expect([await search(ann.token), await search(ann.token)]).to.deep.equal([200, 200]);
    expect([await search(ann.token), await search(bob.token)]).to.deep.equal([429, 200]);
    const body = { currentPassword: 'wrong horse', newPassword: 'battery staple' };
    const change = async () => (await api.call('POST', '/auth/password', { token: ann.token, body })).status;
    expect([await change(), await change(), await change()]).to.deep.equal([403, 403, 429]);
  });

  it('hold for messages over REST', async () => {
    const { token } = await api.register();
    const { body: room } = await api.call<Room>('POST', '/rooms', {
      token,
      body: { type: 'group', name: 'Fast' },
    });
    const send = () =>
      api.call<Problem>('POST', `/rooms/${room.id}/messages`, {
        token,
        body: { clientId: randomUUID(), text: 'again' },
      });
    const statuses = [await send(), await send(), await send()].map(({ status }) => status);
    expect(statuses).to.deep.equal([201, 201, 201]);
    const refused = await send();
    expect(refused.body.code).to.equal('rate_limited');
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 20);
  });

  it('hold for new accounts by address', async () => {
    const register = async (address: string) =>
      (
        await api.call('POST', '/auth/register', {
          body: { username: `n-${randomUUID().slice(0, 8)}`, password: PASSWORD },
          headers: from(address),
        })
      ).status;
    const statuses: number[] = [];
    for (let i = 0; i < 13; i++) statuses.push(await register('198.51.100.1'));
    expect(statuses).to.deep.equal([...Array<number>(12).fill(201), 429]);
    expect(await register('198.51.100.2')).to.equal(201);
  });

  it('double the block of a name at an address each time, for hours at the most', async () => {
    const { username } = await api.register();
    const address = '192.0.2.77';
    const pair = (group: string) =>
      `limit:${group}:${createHash('sha256').update(username).digest('base64url').slice(0, 22)}:${address}`;
    const blocks: number[] = [];
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 3; i++) await login(username, 'wrong horse', address);
      const { status, headers } = await login(username, PASSWORD, address);
      expect(status, `round ${round}`).to.equal(429);
      blocks.push(Number(headers.get('retry-after')));
      // The block runs out.
      await redis.del(pair('login'));
    }
    expect(blocks).to.deep.equal([900, 1_800, 3_600, 7_200, 14_400, 21_600, 21_600, 21_600]);
    expect((await login(username, PASSWORD, address)).status).to.equal(200);
    for (let i = 0; i < 3; i++) await login(username, 'wrong horse', address);
    const { headers } = await login(username, PASSWORD, address);
    expect(Number(headers.get('retry-after')), 'a success forgives').to.equal(900);
  });
});

describe('rate limits while Redis is away', () => {
  let api: ApiNode;
  let redis: TcpProxy;
  before(async function () {
    this.timeout(240_000);
    const servers = await startServers();
    const { proxy, url } = await proxied(servers.redisUrl);
    redis = proxy;
    const env = { RATE_LIMITS: 'on', RATE_LIMIT_SEARCH: '2/1h', RATE_LIMIT_LOGIN: '2/1h' };
    api = await startApi({ servers: { ...servers, redisUrl: url }, env });
  });
  after(async () => {
    redis?.mend();
    await api?.stop();
    await redis?.close();
  });

  const status = async () => (await api.call<{ status: string }>('GET', '/readyz')).body.status;
  const is = async (wanted: string) => {
    while ((await status()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const search = async ({ token }: Account) => (await api.call('GET', '/search?q=x', { token })).status;
  const fail = async ({ username }: Account) =>
    (await api.call('POST', '/auth/login', { body: { username, password: 'wrong horse' } })).status;

  it('are counted by the node itself, and in Redis again when it is back', async function () {
    this.timeout(60_000);
    const [ann, bob, eve] = [await api.register(), await api.register(), await api.register()];
    expect([await search(ann), await search(ann), await search(ann)]).to.deep.equal([200, 200, 429]);
    redis.cut();
    await is('degraded');
    expect([await search(bob), await search(bob), await search(bob)]).to.deep.equal([200, 200, 429]);
    expect([await fail(bob), await fail(bob), await fail(bob)]).to.deep.equal([401, 401, 429]);
    redis.mend();
    await is('ready');
    expect(await search(ann), 'Redis still knows').to.equal(429);
    expect([await search(eve), await search(eve), await search(eve)]).to.deep.equal([200, 200, 429]);
  });
});

describe('a limit on all calls of one user', () => {
  let api: ApiNode;
  before(async function () {
    this.timeout(240_000);
    const env = { RATE_LIMITS: 'on', RATE_LIMIT_CALLS: '6/1h', RATE_LIMIT_REFRESH: '3/1h' };
    api = await startApi({ env });
  });
  after(() => api?.stop());

  it('counts each of them, files among them, and nobody else’s', async () => {
    const [ann, bob] = [await api.register(), await api.register()];
    const room = await api.call<Room>('POST', '/rooms', {
      token: ann.token,
      body: { type: 'group', name: 'Few' },
    });
    const headers = { authorization: `Bearer ${ann.token}` };
    const uploading = { method: 'POST', headers, body: 'a file' };
    const path = `${api.origin}/api/v1/attachments`;
    const file = (await (await fetch(`${path}?room=${room.body.id}&name=x`, uploading)).json()) as {
      id: string;
    };
    const read = async () => (await fetch(`${path}/${file.id}`, { headers })).status;
    expect([await read(), await read(), await read()]).to.deep.equal([200, 200, 200]);
    expect((await api.call('GET', '/users/me', { token: ann.token })).status).to.equal(200);
    const refused = await fetch(`${path}/${file.id}`, { headers });
    expect([refused.status, Number(refused.headers.get('retry-after'))]).to.deep.equal([429, 600]);
    expect((await api.refused('GET', '/users/me', { token: ann.token })).code).to.equal('rate_limited');
    expect((await api.call('GET', '/users/me', { token: bob.token })).status).to.equal(200);
  });

  it('counts sign-outs by address, since they need no token that is good', async () => {
    const logout = async () =>
      (await api.call('POST', '/auth/logout', { body: { refreshToken: 'none' } })).status;
    expect([await logout(), await logout(), await logout(), await logout()]).to.deep.equal([
      204, 204, 204, 429,
    ]);
  });
});
