import { expect } from 'chai';
import { mongo } from 'mongoose';
import type { CreatedInvite, Invite, InvitePreview, MessagePage, Room } from '../../shared/wire/rest.ts';
import { ORIGIN, type Account, type ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('the invite API', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let client: mongo.MongoClient;
  let stored: mongo.Collection;
  useScene((scene) => {
    ({ api, other, ann, bob, eve } = scene);
    client = new mongo.MongoClient(scene.servers.mongodbUrl);
    stored = client.db().collection('invites');
  });
  after(async () => {
    await client?.close();
  });

  let names = 0;
  const create = async (by: Account, body: object = {}): Promise<Room> =>
    (
      await api.call<Room>('POST', '/rooms', {
        token: by.token,
        body: { type: 'group', name: `Hall ${++names}`, ...body },
      })
    ).body;
  const invite = (by: Account, room: string, body: object = {}) =>
    api.call<CreatedInvite>('POST', `/rooms/${room}/invites`, { token: by.token, body });
  const list = async (by: Account, room: string): Promise<readonly Invite[]> =>
    (await api.call<{ invites: Invite[] }>('GET', `/rooms/${room}/invites`, { token: by.token })).body
      .invites;
  const join = (by: Account, token: string, node = api) =>
    node.call<Room>('POST', `/invites/${token}/join`, { token: by.token });
  const look = (by: Account, token: string) =>
    api.call<InvitePreview>('GET', `/invites/${token}`, { token: by.token });

  it('makes a link that lets a stranger see the room’s name and come in, with a notice', async () => {
    const room = await create(ann, { topic: 'Secret plans' });
    const { status, body } = await invite(ann, room.id);
    expect(status).to.equal(201);
    expect(body.token).to.have.length.greaterThan(30);
    expect(body.url).to.equal(`${ORIGIN}/invite/${body.token}`);
    expect((await look(eve, body.token)).body).to.deep.equal({
      id: room.id,
      name: room.name,
      type: 'group',
      members: 1,
      by: { displayName: ann.username },
    });
    const joined = await join(eve, body.token, other);
    expect(joined.status).to.equal(200);
    expect(joined.body).to.include({ id: room.id, members: 2 });
    expect(joined.body.me.role).to.equal('member');
    const page = await api.call<MessagePage>('GET', `/rooms/${room.id}/messages`, { token: ann.token });
    expect(page.body.messages.at(-1)?.event).to.deep.equal({
      name: 'joined',
      users: [eve.id, ann.id],
      value: 'invite',
      by: eve.id,
    });
    expect((await look(eve, body.token)).body.room).to.equal(room.id);
  });

  it('lists links with their uses, and never their tokens', async () => {
    const room = await create(ann);
    const made = (await invite(ann, room.id, { maxUses: 5, expiresIn: 3_600 })).body;
    await join(bob, made.token);
    await join(bob, made.token);
    const [listed, ...more] = await list(ann, room.id);
    expect(more).to.deep.equal([]);
    expect(listed).to.deep.include({ id: made.id, maxUses: 5, uses: 1, expiresAt: made.expiresAt });
    expect(listed?.by.id).to.equal(ann.id);
    expect(JSON.stringify(listed)).not.to.include(made.token);
  });

  it('ends with its last use, however many come at once', async () => {
    const room = await create(ann);
    const { token } = (await invite(ann, room.id, { maxUses: 3 })).body;
    const people = await Promise.all(Array.from({ length: 12 }, () => api.register('crowd')));
    const answers = await Promise.all(people.map((one, i) => join(one, token, i % 2 === 0 ? api : other)));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(3);
    expect(answers.filter(({ status }) => status === 404)).to.have.length(9);
    const now = await api.call<Room>('GET', `/rooms/${room.id}`, { token: ann.token });
    expect(now.body.members).to.equal(4);
    expect(await list(ann, room.id)).to.deep.equal([]);
    expect((await look(eve, token)).status).to.equal(404);
  });

  it('leads members to the room when it is used up, over, or its maker may not invite any more', async () => {
    const room = await create(ann, { members: [bob.id] });
    const usedUp = (await invite(ann, room.id, { maxUses: 1 })).body;
    const short = (await invite(ann, room.id, { expiresIn: 60 })).body;
    expect((await join(await api.register('last'), usedUp.token)).status).to.equal(200);
    await stored.updateOne({ _id: new mongo.ObjectId(short.id) }, { $set: { endsAt: new Date(0) } });
    for (const { token } of [usedUp, short]) {
      expect((await look(eve, token)).status).to.equal(404);
      expect((await join(eve, token, other)).status).to.equal(404);
      for (const member of [ann, bob]) {
        expect((await look(member, token)).body).to.include({ id: room.id, room: room.id });
        expect((await join(member, token, other)).body).to.include({ id: room.id, members: 3 });
      }
    }
    // Making another does not clear them away.
    await invite(ann, room.id);
    expect((await join(bob, usedUp.token)).status).to.equal(200);
    await api.call('DELETE', `/rooms/${room.id}/members/${bob.id}`, { token: ann.token });
    expect((await look(bob, usedUp.token)).status).to.equal(404);
    expect((await join(bob, usedUp.token)).status).to.equal(404);
  });

  it('counts one person once, who tries from several devices at once', async () => {
    const room = await create(ann);
    const { token } = (await invite(ann, room.id, { maxUses: 9 })).body;
    const answers = await Promise.all([1, 2, 3, 4].map((n) => join(bob, token, n % 2 === 0 ? api : other)));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    expect((await list(ann, room.id))[0]?.uses).to.equal(1);
  });

  it('is over at once when it is revoked', async () => {
    const room = await create(ann);
    const { id, token } = (await invite(ann, room.id)).body;
    const path = `/rooms/${room.id}/invites/${id}`;
    expect((await api.call('DELETE', path, { token: ann.token })).status).to.equal(204);
    expect((await join(eve, token, other)).status).to.equal(404);
    expect((await api.call('DELETE', path, { token: ann.token })).status).to.equal(404);
  });

  it('is good only while its maker might make it', async () => {
    const room = await create(ann, { members: [bob.id] });
    const setRole = (role: string) =>
      api.call('PATCH', `/rooms/${room.id}/members/${bob.id}`, { token: ann.token, body: { role } });
    await setRole('admin');
    const { id, token } = (await invite(bob, room.id)).body;
    expect((await look(eve, token)).status).to.equal(200);
    await setRole('member');
    expect((await look(eve, token)).status).to.equal(404);
    expect((await join(eve, token, other)).status).to.equal(404);
    expect(await list(ann, room.id)).to.deep.equal([]);
    await setRole('admin');
    expect((await list(ann, room.id)).map((one) => one.id)).to.deep.equal([id]);
    await api.call('DELETE', `/rooms/${room.id}/members/${bob.id}`, { token: ann.token });
    expect((await join(bob, token, other)).status).to.equal(404);
    expect((await api.call('GET', `/rooms/${room.id}`, { token: bob.token })).status).to.equal(404);
  });

  it('of a member ends when a public channel becomes private', async () => {
    const room = await create(ann, { type: 'channel', members: [bob.id] });
    const { token } = (await invite(bob, room.id)).body;
    await api.call('PATCH', `/rooms/${room.id}`, { token: ann.token, body: { public: false } });
    expect((await join(eve, token)).status).to.equal(404);
  });

  it('goes with its room', async () => {
    const room = await create(ann);
    const { token } = (await invite(ann, room.id)).body;
    await api.call('DELETE', `/rooms/${room.id}`, { token: ann.token });
    expect((await look(eve, token)).status).to.equal(404);
    expect((await join(eve, token)).status).to.equal(404);
  });

  it('is made by owners and admins only, in public channels by every member', async () => {
    const closed = await create(ann, { members: [bob.id] });
    expect((await invite(bob, closed.id)).status).to.equal(403);
    expect((await api.call('GET', `/rooms/${closed.id}/invites`, { token: bob.token })).status).to.equal(403);
    expect((await invite(eve, closed.id)).status).to.equal(404);
    const open = await create(ann, { type: 'channel', members: [bob.id] });
    const byAnn = (await invite(ann, open.id)).body;
    const byBob = (await invite(bob, open.id)).body;
    expect((await list(bob, open.id)).map(({ id }) => id)).to.deep.equal([byBob.id]);
    expect((await list(ann, open.id)).map(({ id }) => id)).to.deep.equal([byBob.id, byAnn.id]);
    const revoke = (by: Account, id: string) =>
      api.call('DELETE', `/rooms/${open.id}/invites/${id}`, { token: by.token });
    expect((await revoke(bob, byAnn.id)).status).to.equal(404);
    expect((await revoke(eve, byBob.id)).status).to.equal(404);
    expect((await revoke(ann, byBob.id)).status).to.equal(204);
  });

  it('cannot be made for a direct conversation', async () => {
    const dm = await api.call<Room>('POST', '/rooms', {
      token: ann.token,
      body: { type: 'dm', user: bob.id },
    });
    expect((await invite(ann, dm.body.id)).status).to.equal(409);
  });

  it('refuses limits that are none and tokens that are none', async () => {
    const room = await create(ann);
    for (const body of [{ expiresIn: 1 }, { maxUses: 0 }, { maxUses: '3' }, { expiresIn: 1e9 }, { more: 1 }])
      expect((await invite(ann, room.id, body)).status, JSON.stringify(body)).to.equal(400);
    expect((await look(ann, 'x')).status).to.equal(400);
    expect((await look(ann, 'x'.repeat(32))).status).to.equal(404);
    expect((await api.call('GET', `/invites/${'x'.repeat(32)}`)).status).to.equal(401);
  });

  it('is refused beyond 50 in a room', async () => {
    const room = await create(ann);
    const answers = await Promise.all(Array.from({ length: 54 }, () => invite(ann, room.id)));
    expect(answers.filter(({ status }) => status === 201).length).to.be.at.most(50);
    expect(answers.filter(({ status }) => status === 409).length).to.be.at.least(4);
  });
});
