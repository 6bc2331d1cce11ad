import { expect } from 'chai';
import { Redis } from 'ioredis';
import { GATEWAYS_KEY, gatewayLeaseKey, gatewayUsersKey } from '../../shared/node/keys.ts';
import type { PresenceList } from '../../shared/wire/rest.ts';
import { startApi, type ApiNode } from '../support/api-node.ts';
import { startServers } from '../support/servers.ts';

describe('the presence API', () => {
  let api: ApiNode;
  let redis: Redis;
  before(async function () {
    this.timeout(240_000);
    const servers = await startServers();
    api = await startApi({ servers });
    redis = new Redis(servers.redisUrl);
  });
  after(async () => {
    redis?.disconnect();
    await api?.stop();
  });

  it('calls online whom a gateway with a living lease lists, and nobody else', async () => {
    const [ann, bob, eve] = await Promise.all([api.register(), api.register(), api.register()]);
    await redis.sadd(GATEWAYS_KEY, 'test-live', 'test-dead');
    await redis.set(gatewayLeaseKey('test-live'), '1', 'PX', 15_000);
    await redis.sadd(gatewayUsersKey('test-live'), ann.id);
    await redis.sadd(gatewayUsersKey('test-dead'), bob.id);
    const path = `/presence?users=${ann.id},${bob.username},${eve.id}`;
    const { body } = await api.call<PresenceList>('GET', path, { token: ann.token });
    expect(body.presence.map(({ user, online }) => [user, online])).to.deep.equal([
      [ann.id, true],
      [bob.id, false],
      [eve.id, false],
    ]);
    await redis.srem(GATEWAYS_KEY, 'test-live', 'test-dead');
    await redis.del(gatewayLeaseKey('test-live'), gatewayUsersKey('test-live'), gatewayUsersKey('test-dead'));
  });

  it('refuses a list that is none', async () => {
    const { token } = await api.register();
    for (const users of ['', ',', 'A', 'a'.repeat(33)]) {
      expect((await api.refused('GET', `/presence?users=${users}`, { token })).code).to.equal('invalid');
    }
  });
});
