import { expect } from 'chai';
import { Redis } from 'ioredis';
import { GATEWAYS_KEY, gatewayLeaseKey, gatewayUsersKey } from '../../shared/node/keys.ts';
import type { Message, PresenceList, Room, ThreadInfo, UserList } from '../../shared/wire/rest.ts';
import { isArchived } from '../../shared/wire/prefs.ts';
import { PASSWORD, type Account, type ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('blocking and hiding', () => {
  let api: ApiNode;
  let other: ApiNode;
  let redis: Redis;
  let ann: Account;
  let bob: Account;
  useScene((scene) => {
    ({ api, other } = scene);
    redis = new Redis(scene.servers.redisUrl);
  });
  after(() => redis?.disconnect());
  beforeEach(async () => {
    [ann, bob] = await Promise.all([api.register('ann'), api.register('bob')]);
  });

  let count = 0;
  const block = (by: Account, user: string, method = 'PUT') =>
    api.call('PUT' === method ? 'PUT' : 'DELETE', `/users/me/blocks/${user}`, { token: by.token });
  const blocked = async (by: Account): Promise<string[]> =>
    (await other.call<UserList>('GET', '/users/me/blocks', { token: by.token })).body.users.map(
      ({ id }) => id,
    );
  const create = (by: Account, body: object) => api.call<Room>('POST', '/rooms', { token: by.token, body });
  const say = (by: Account, room: string, node = api) =>
    node.call<Message>('POST', `/rooms/${room}/messages`, {
      token: by.token,
      body: { clientId: `c${++count}`, text: 'hello' },
    });
  const presence = async (by: Account, user: Account) =>
    (await api.call<PresenceList>('GET', `/presence?users=${user.id}`, { token: by.token })).body.presence[0];
  const whileOnline = async (users: readonly Account[], run: () => Promise<void>): Promise<void> => {
    await redis.sadd(GATEWAYS_KEY, 'blocks');
    await redis.set(gatewayLeaseKey('blocks'), '1', 'PX', 15_000);
    await redis.sadd(gatewayUsersKey('blocks'), ...users.map(({ id }) => id));
    try {
      await run();
    } finally {
      await redis.srem(GATEWAYS_KEY, 'blocks');
      await redis.del(gatewayLeaseKey('blocks'), gatewayUsersKey('blocks'));
    }
  };

  it('lists whom one blocked, each once, and takes it back', async () => {
    expect((await block(ann, bob.username)).status).to.equal(204);
    expect((await block(ann, bob.id)).status).to.equal(204);
    expect(await blocked(ann)).to.deep.equal([bob.id]);
    expect(await blocked(bob)).to.deep.equal([]);
    expect((await block(ann, bob.id, 'DELETE')).status).to.equal(204);
    expect(await blocked(ann)).to.deep.equal([]);
  });

  it('cannot be of oneself, of nobody, or of what is no user', async () => {
    expect((await block(ann, ann.id)).status).to.equal(409);
    expect((await block(ann, 'f'.repeat(24))).status).to.equal(404);
    expect((await block(ann, '$where')).status).to.equal(400);
    expect((await api.call('PUT', `/users/me/blocks/${bob.id}`)).status).to.equal(401);
  });

  it('refuses a new direct conversation by the blocked, in words that tell nothing', async () => {
    await block(ann, bob.id);
    const problem = await api.refused('POST', '/rooms', {
      token: bob.token,
      body: { type: 'dm', user: ann.id },
    });
    expect(problem.code).to.equal('forbidden');
    expect(problem.detail).not.to.match(/block/i);
    expect((await create(ann, { type: 'dm', user: bob.id })).status).to.equal(201);
  });

  it('refuses messages, edits and reactions by the blocked in the conversation there is, on every node', async () => {
    const { id } = (await create(ann, { type: 'dm', user: bob.id })).body;
    const first = (await say(bob, id)).body;
    expect((await say(bob, id, other)).status).to.equal(201);
    await block(ann, bob.id);
    let refused = await say(bob, id, other);
    // The other node hears of it over Redis: at once, but not in the same instant.
    for (let n = 0; refused.status === 201 && n < 50; n++) refused = await say(bob, id, other);
    expect(refused.status).to.equal(403);
    expect((await say(bob, id)).status).to.equal(403);
    const path = `/rooms/${id}/messages/${first.seq}`;
    const edit = { token: bob.token, body: { text: 'rude' } };
    expect((await api.refused('PATCH', path, edit)).code).to.equal('forbidden');
    const react = `${path}/reactions/${encodeURIComponent('👍')}`;
    expect((await api.refused('PUT', react, { token: bob.token })).code).to.equal('forbidden');
    expect((await api.call('GET', `/rooms/${id}/messages`, { token: bob.token })).status).to.equal(200);
    expect((await say(ann, id)).status).to.equal(201);
    await block(ann, bob.id, 'DELETE');
    expect((await say(bob, id)).status).to.equal(201);
  });

  it('keeps the blocked from adding one to a group, and nobody else', async () => {
    await block(ann, bob.id);
    expect((await create(bob, { type: 'group', name: 'Trap', members: [ann.id] })).status).to.equal(403);
    const { id } = (await create(bob, { type: 'group', name: 'Trap' })).body;
    const add = { token: bob.token, body: { users: [ann.id] } };
    expect((await api.refused('POST', `/rooms/${id}/members`, add)).code).to.equal('forbidden');
    const eve = await api.register('eve');
    expect((await create(eve, { type: 'group', name: 'Fine', members: [ann.id, bob.id] })).status).to.equal(
      201,
    );
  });

  it('counts nothing of the blocked as unread, and gives it back', async () => {
    const eve = await api.register('eve');
    const { id } = (await create(ann, { type: 'group', name: 'Mixed', members: [bob.id, eve.id] })).body;
    const call = (by: Account) =>
      api.call('POST', `/rooms/${id}/messages`, {
        token: by.token,
        body: { clientId: `c${++count}`, text: `@room and @${ann.username}` },
      });
    const counts = async () => {
      const { unread, mentions } = (await other.call<Room>('GET', `/rooms/${id}`, { token: ann.token })).body
        .me;
      return { unread, mentions };
    };
    const listed = async () => {
      const { rooms } = (await other.call<{ rooms: Room[] }>('GET', '/rooms', { token: ann.token })).body;
      return rooms.find((room) => room.id === id)!.me;
    };
    await call(bob);
    await call(eve);
    expect(await counts()).to.deep.equal({ unread: 2, mentions: 2 });
    await block(ann, bob.id);
    expect(await counts()).to.deep.equal({ unread: 1, mentions: 1 });
    expect((await listed()).unread).to.equal(1);
    await block(ann, bob.id, 'DELETE');
    expect(await counts()).to.deep.equal({ unread: 2, mentions: 2 });
  });

  it('leaves a room in the archive when the blocked write, until somebody else does', async () => {
    const eve = await api.register('eve');
    const { id } = (await create(ann, { type: 'group', name: 'Away', members: [bob.id, eve.id] })).body;
    const archived = async (): Promise<boolean[]> => {
      const { body: one } = await other.call<Room>('GET', `/rooms/${id}`, { token: ann.token });
      const { body: all } = await api.call<{ rooms: Room[] }>('GET', '/rooms', { token: ann.token });
      return [one, all.rooms.find((room) => room.id === id)!].map((room) => isArchived(room));
    };
    await block(ann, bob.id);
    // Unread from before it was put away: that is no news either.
    await say(eve, id);
    await api.call('PATCH', `/rooms/${id}`, { token: ann.token, body: { me: { archived: true } } });
    expect(await archived()).to.deep.equal([true, true]);
    await say(bob, id);
    await say(bob, id, other);
    expect(await archived()).to.deep.equal([true, true]);
    await block(ann, bob.id, 'DELETE');
    expect(await archived(), 'no longer blocked').to.deep.equal([false, false]);
    await block(ann, bob.id);
    await say(eve, id);
    await say(bob, id);
    expect(await archived(), 'somebody else said something in between').to.deep.equal([false, false]);
  });

  it('counts no replies of the blocked in a thread, and marks nothing unread for what they wrote', async () => {
    const eve = await api.register('eve');
    const { id } = (await create(ann, { type: 'group', name: 'Threads', members: [bob.id, eve.id] })).body;
    const root = (await say(ann, id)).body;
    const reply = (by: Account) =>
      api.call('POST', `/rooms/${id}/messages`, {
        token: by.token,
        body: { clientId: `c${++count}`, text: 'a reply', thread: root.seq },
      });
    await api.call('PUT', `/rooms/${id}/threads/${root.seq}/follow`, { token: ann.token });
    await reply(bob);
    await reply(eve);
    // Listed a moment behind the reply.
    const thread = async (path: string) =>
      (await other.call<{ threads: ThreadInfo[] }>('GET', path, { token: ann.token })).body.threads[0] ?? {
        unread: 0,
      };
    const followed = () => thread('/threads?following=true');
    while ((await followed()).unread < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await block(ann, bob.id);
    expect((await followed()).unread).to.equal(1);
    expect((await thread(`/rooms/${id}/threads`)).unread).to.equal(1);
    await say(bob, id);
    const unread = `/rooms/${id}/unread`;
    expect((await api.refused('POST', unread, { token: ann.token, body: {} })).code).to.equal('conflict');
    await block(ann, bob.id, 'DELETE');
    expect((await followed()).unread).to.equal(2);
    expect((await api.call<Room>('POST', unread, { token: ann.token, body: {} })).body.me.unread).to.equal(1);
  });

  it('hides presence from the blocked', async () => {
    await whileOnline([ann, bob], async () => {
      expect((await presence(bob, ann))?.online).to.be.true;
      await block(ann, bob.id);
      expect(await presence(bob, ann)).to.deep.equal({ user: ann.id, online: false });
      expect((await presence(ann, bob))?.online).to.be.true;
    });
  });

  it('hides the presence of who wishes so, and everybody’s from them', async () => {
    const hide = (hidePresence: boolean) =>
      api.call('PATCH', '/users/me', { token: ann.token, body: { hidePresence } });
    await whileOnline([ann, bob], async () => {
      await hide(true);
      expect(await presence(bob, ann)).to.deep.equal({ user: ann.id, online: false });
      expect(await presence(ann, bob)).to.deep.equal({ user: bob.id, online: false });
      expect((await presence(ann, ann))?.online).to.be.true;
      await hide(false);
      expect((await presence(bob, ann))?.online).to.be.true;
    });
  });

  it('tells gateways who hides, and from whom', async () => {
    const self = async (user: Account) =>
      (
        await api.internal<{ users: Record<string, { self?: object }> }>('/room-lists', {
          users: { [user.id]: [] },
        })
      ).users[user.id]?.self;
    expect(await self(bob)).to.equal(undefined);
    await block(ann, bob.id);
    expect(await self(bob)).to.deep.equal({ v: 0, unseen: [ann.id] });
    await api.call('PATCH', '/users/me', { token: bob.token, body: { hidePresence: true } });
    expect(await self(bob)).to.deep.equal({ v: 1, hidden: true, unseen: [ann.id] });
  });

  it('ends with the account', async () => {
    await block(ann, bob.id);
    await api.call('DELETE', '/users/me', { token: bob.token, body: { password: PASSWORD } });
    expect(await blocked(ann)).to.deep.equal([]);
  });

  it('shows a status with its emoji until its time, and a new one without the old time', async () => {
    const patch = (body: object) =>
      api.call<{ status?: string }>('PATCH', '/users/me', { token: ann.token, body });
    const statusUntil = new Date(Date.now() + 60_000).toISOString();
    expect((await patch({ status: 'Lunch', statusEmoji: '🍜', statusUntil })).body).to.include({
      status: 'Lunch',
      statusEmoji: '🍜',
      statusUntil,
    });
    const seen = await other.call<object>('GET', `/users/${ann.id}`, { token: bob.token });
    expect(seen.body).to.include({ status: 'Lunch', statusEmoji: '🍜', statusUntil });
    expect((await patch({ status: 'Back' })).body).not.to.have.property('statusUntil');
    expect((await patch({ status: '', statusEmoji: '' })).body).not.to.have.any.keys('status', 'statusEmoji');
    for (const body of [
      { statusEmoji: 'x' },
      { statusUntil: new Date(0).toISOString() },
      { hidePresence: 'yes' },
    ])
      expect((await patch(body)).status, JSON.stringify(body)).to.equal(400);
  });
});
