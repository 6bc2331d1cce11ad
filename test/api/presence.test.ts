import { expect } from 'chai';
import { Redis } from 'ioredis';
import {
  GATEWAYS_KEY,
  gatewayAwayKey,
  gatewayLeaseKey,
  gatewayUsersKey,
  SEEN_KEY,
} from '../../shared/node/keys.ts';
import type { PresenceList } from '../../shared/wire/rest.ts';
import type { ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('the presence API', () => {
  let api: ApiNode;
  let redis: Redis;
  useScene((scene) => {
    ({ api } = scene);
    redis = new Redis(scene.servers.redisUrl);
  });
  after(() => redis?.disconnect());

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

  it('calls away who is away at every gateway that lists them', async () => {
    const [ann, bob, eve] = await Promise.all([api.register(), api.register(), api.register()]);
    const gateways = ['test-one', 'test-two'];
    await redis.sadd(GATEWAYS_KEY, ...gateways);
    for (const gateway of gateways) await redis.set(gatewayLeaseKey(gateway), '1', 'PX', 15_000);
    await redis.sadd(gatewayUsersKey('test-one'), ann.id, bob.id);
    await redis.sadd(gatewayUsersKey('test-two'), ann.id, eve.id);
    await redis.sadd(gatewayAwayKey('test-one'), ann.id, bob.id);
    await redis.sadd(gatewayAwayKey('test-two'), eve.id);
    const read = async (): Promise<readonly unknown[]> => {
      const path = `/presence?users=${ann.id},${bob.id},${eve.id}`;
      const { body } = await api.call<PresenceList>('GET', path, { token: ann.token });
      return body.presence;
    };
    expect(await read()).to.deep.equal([
      { user: ann.id, online: true },
      { user: bob.id, online: true, away: true },
      { user: eve.id, online: true, away: true },
    ]);
    await redis.sadd(gatewayAwayKey('test-two'), ann.id);
    expect((await read())[0]).to.deep.equal({ user: ann.id, online: true, away: true });
    await api.call('PATCH', '/users/me', { token: bob.token, body: { hidePresence: true } });
    expect((await read())[1], 'who hides is not even away').to.deep.equal({ user: bob.id, online: false });
    await redis.srem(GATEWAYS_KEY, ...gateways);
    for (const gateway of gateways)
      await redis.del(gatewayLeaseKey(gateway), gatewayUsersKey(gateway), gatewayAwayKey(gateway));
  });

  it('tells when somebody was there last, as the gateways know it, and not of who hides', async () => {
    const [ann, bob] = await Promise.all([api.register(), api.register()]);
    const at = Date.now() + 60_000;
    const path = `/presence?users=${bob.id}`;
    const read = async () =>
      (await api.call<PresenceList>('GET', path, { token: ann.token })).body.presence[0];
    await redis.zadd(SEEN_KEY, at, bob.id);
    expect(await read()).to.deep.equal({
      user: bob.id,
      online: false,
      lastSeen: new Date(at).toISOString(),
    });
    await api.call('PATCH', '/users/me', { token: bob.token, body: { hidePresence: true } });
    expect(await read()).to.deep.equal({ user: bob.id, online: false });
    await redis.zrem(SEEN_KEY, bob.id);
  });

  it('refuses a list that is none', async () => {
    const { token } = await api.register();
    for (const users of ['', ',', 'A', 'a'.repeat(33)]) {
      expect((await api.refused('GET', `/presence?users=${users}`, { token })).code).to.equal('invalid');
    }
  });
});
