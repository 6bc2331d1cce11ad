import { expect } from 'chai';
import type { Message, MessagePage, PublicRoom, Room } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('the room API', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  useScene((scene) => ({ api, other, ann, bob, eve } = scene));

  let names = 0;
  const uniqueName = (): string => `Room ${++names}`;
  const create = (by: Account, body: object, node = api) =>
    node.call<Room>('POST', '/rooms', { token: by.token, body });
  const group = async (by: Account, ...members: Account[]): Promise<Room> =>
    (await create(by, { type: 'group', name: uniqueName(), members: members.map(({ id }) => id) })).body;
  const get = (by: Account, room: string, node = api) =>
    node.call<Room>('GET', `/rooms/${room}`, { token: by.token });
  const patch = (by: Account, room: string, body: object) =>
    api.call<Room>('PATCH', `/rooms/${room}`, { token: by.token, body });
  const mine = async (by: Account): Promise<readonly Room[]> =>
    (await api.call<{ rooms: Room[] }>('GET', '/rooms', { token: by.token })).body.rooms;
  const notices = async (by: Account, room: string): Promise<readonly Message[]> =>
    (await api.call<MessagePage>('GET', `/rooms/${room}/messages`, { token: by.token })).body.messages;

  describe('direct conversations', () => {
    it('are the same room from both sides, with the other as peer', async () => {
      const first = await create(ann, { type: 'dm', user: bob.username });
      const second = await create(bob, { type: 'dm', user: ann.id }, other);
      expect([first.status, second.status]).to.deep.equal([201, 200]);
      expect(second.body.id).to.equal(first.body.id);
      expect(first.body).to.deep.include({ type: 'dm', public: false, members: 2 });
      expect(first.body.peer?.id).to.equal(bob.id);
      expect(second.body.peer?.id).to.equal(ann.id);
    });

    it('come into being once when both sides start at once', async () => {
      const [x, y] = await Promise.all([api.register(), api.register()]);
      const answers = await Promise.all([
        create(x, { type: 'dm', user: y.id }, api),
        create(y, { type: 'dm', user: x.id }, other),
        create(x, { type: 'dm', user: y.id }, other),
        create(y, { type: 'dm', user: x.id }, api),
      ]);
      expect(new Set(answers.map(({ body }) => body.id)).size).to.equal(1);
      expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
      expect(await mine(x)).to.have.length(1);
    });

    it('tell the other side that it did not open them, until it does or something is written', async () => {
      const [x, y, z] = await Promise.all([api.register(), api.register(), api.register()]);
      const made = (await create(x, { type: 'dm', user: y.id })).body;
      expect(made.me).not.to.have.property('unopened');
      expect((await mine(x))[0]?.me).not.to.have.property('unopened');
      for (const node of [api, other]) expect((await get(y, made.id, node)).body.me.unopened).to.equal(true);
      expect((await mine(y))[0]?.me.unopened).to.equal(true);
      // Who began it opens nothing for the other by asking again.
      await create(x, { type: 'dm', user: y.id }, other);
      expect((await get(y, made.id)).body.me.unopened).to.equal(true);
      expect((await create(y, { type: 'dm', user: x.id }, other)).body.me).not.to.have.property('unopened');
      expect((await mine(y))[0]?.me).not.to.have.property('unopened');

      const written = (await create(x, { type: 'dm', user: z.id })).body;
      await api.call('POST', `/rooms/${written.id}/messages`, {
        token: x.token,
        body: { clientId: 'c', text: 'hello' },
      });
      expect((await mine(z))[0]?.me).not.to.have.property('unopened');
    });

    it('can be held with oneself', async () => {
      const { status, body } = await create(ann, { type: 'dm', user: ann.id });
      expect(status).to.equal(201);
      expect(body).to.deep.include({ members: 1 });
      expect(body.peer?.id).to.equal(ann.id);
    });

    it('cannot be renamed, joined, left, extended or deleted', async () => {
      const { id } = (await create(ann, { type: 'dm', user: bob.id })).body;
      const { token } = ann;
      const codes = await Promise.all([
        api.refused('PATCH', `/rooms/${id}`, { token, body: { name: 'Us' } }),
        api.refused('POST', `/rooms/${id}/leave`, { token }),
        api.refused('POST', `/rooms/${id}/members`, { token, body: { users: [eve.id] } }),
        api.refused('DELETE', `/rooms/${id}`, { token }),
        api.refused('PATCH', `/rooms/${id}/members/${bob.id}`, { token, body: { role: 'admin' } }),
        api.refused('DELETE', `/rooms/${id}/members/${bob.id}`, { token }),
      ]);
      expect(codes.map(({ code }) => code)).to.deep.equal(codes.map(() => 'conflict'));
      expect((await api.refused('POST', `/rooms/${id}/join`, { token: eve.token })).code).to.equal(
        'not_found',
      );
    });

    it('need somebody who exists', async () => {
      const body = { type: 'dm', user: 'f'.repeat(24) };
      expect((await api.refused('POST', '/rooms', { token: ann.token, body })).code).to.equal('not_found');
    });
  });

  it('creates a group in which its members are, with a notice', async () => {
    const { status, body } = await create(ann, {
      type: 'group',
      name: ' Team ',
      topic: 'All of us',
      members: [bob.username, ann.id],
    });
    expect(status).to.equal(201);
    expect(body).to.deep.include({
      type: 'group',
      name: 'Team',
      topic: 'All of us',
      public: false,
      members: 2,
      head: 1,
    });
    expect(body.me).to.include({ role: 'owner', unread: 0, notify: 'all', favourite: false });
    expect((await get(bob, body.id)).body.me.role).to.equal('member');
    const [notice] = await notices(bob, body.id);
    expect(notice).to.deep.include({
      seq: 1,
      kind: 'notice',
      event: { name: 'created', value: 'Team', by: ann.id },
    });
  });

  it('creates a room once for one clientId', async () => {
    const body = { type: 'group', name: uniqueName(), clientId: 'c-1' };
    const answers = await Promise.all([
      create(ann, body, api),
      create(ann, body, other),
      create(ann, body, api),
    ]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).to.equal(1);
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 201]);
    expect((await create(bob, body)).status).to.equal(201);
  });

  for (const [what, body] of Object.entries({
    'a group without a name': { type: 'group' },
    'a public group': { type: 'group', name: 'x', public: true },
    'a dm with a name': { type: 'dm', user: 'somebody', name: 'x' },
    'an unknown type': { type: 'cabal', name: 'x' },
    'a blank name': { type: 'group', name: '  ' },
    'an operator for a member': { type: 'group', name: 'x', members: [{ $ne: '' }] },
  })) {
    it(`refuses ${what}`, async () => {
      expect((await api.refused('POST', '/rooms', { token: ann.token, body })).code).to.equal('invalid');
    });
  }

  it('hides a room from who is not in it', async () => {
    const { id } = await group(ann);
    const { token } = eve;
    const problems = await Promise.all([
      api.refused('GET', `/rooms/${id}`, { token }),
      api.refused('PATCH', `/rooms/${id}`, { token, body: { name: 'Mine' } }),
      api.refused('DELETE', `/rooms/${id}`, { token }),
      api.refused('POST', `/rooms/${id}/join`, { token }),
      api.refused('POST', `/rooms/${id}/leave`, { token }),
      api.refused('GET', `/rooms/${id}/members`, { token }),
    ]);
    expect(problems.map(({ code }) => code)).to.deep.equal(problems.map(() => 'not_found'));
  });

  it('lists public channels by name, and says which are joined', async () => {
    const open = (await create(ann, { type: 'channel', name: 'Zoo keepers', topic: 'Animals' })).body;
    await create(ann, { type: 'channel', name: 'Zoo secrets', public: false });
    const list = async (by: Account) =>
      (await api.call<{ rooms: PublicRoom[] }>('GET', '/rooms/public?q=zOO', { token: by.token })).body.rooms;
    expect(await list(ann)).to.deep.equal([
      { id: open.id, name: 'Zoo keepers', topic: 'Animals', members: 1, joined: true },
    ]);
    expect((await list(eve))[0]?.joined).to.be.false;
  });

  it('pages through public channels', async () => {
    for (const n of [1, 2, 3]) await create(ann, { type: 'channel', name: `Paged ${n}` });
    const found: string[] = [];
    let cursor = '';
    do {
      const path = `/rooms/public?q=paged&limit=2${cursor}`;
      const { body } = await api.call<{ rooms: PublicRoom[]; next?: string }>('GET', path, {
        token: bob.token,
      });
      found.push(...body.rooms.map(({ name }) => name));
      cursor = body.next === undefined ? '' : `&cursor=${body.next}`;
    } while (cursor !== '');
    expect(found).to.deep.equal(['Paged 1', 'Paged 2', 'Paged 3']);
  });

  it('lets one public channel have a name, in whatever case', async () => {
    expect((await create(ann, { type: 'channel', name: 'Unique' })).status).to.equal(201);
    expect((await create(bob, { type: 'channel', name: 'UNIQUE' })).status).to.equal(409);
    const hidden = (await create(bob, { type: 'channel', name: 'unique', public: false })).body;
    expect((await patch(bob, hidden.id, { public: true })).status).to.equal(409);
    expect((await patch(bob, hidden.id, { public: true, name: 'Unique too' })).body).to.include({
      public: true,
      name: 'Unique too',
    });
    expect((await create(ann, { type: 'channel', name: 'unique TOO' })).status).to.equal(409);
  });

  it('changes settings for owners, raises v, and leaves notices', async () => {
    const room = await group(ann, bob);
    expect((await patch(bob, room.id, { name: 'Bobs' })).status).to.equal(403);
    const renamed = (await patch(ann, room.id, { name: 'Renamed', topic: 'News' })).body;
    expect(renamed).to.include({ name: 'Renamed', topic: 'News' });
    expect(renamed.v).to.be.greaterThan(room.v);
    expect((await get(bob, room.id, other)).body.name).to.equal('Renamed');
    expect((await patch(ann, room.id, { topic: '' })).body).not.to.have.property('topic');
    expect((await patch(ann, room.id, { public: true })).status).to.equal(400);
    const events = (await notices(bob, room.id)).map(({ event }) => event?.name);
    expect(events).to.deep.equal(['created', 'renamed', 'topic', 'topic']);
  });

  it('keeps own settings apart from the room’s', async () => {
    const room = await group(ann, bob);
    const changed = (await patch(bob, room.id, { me: { notify: 'none', favourite: true } })).body;
    expect(changed.me).to.include({ notify: 'none', favourite: true });
    expect(changed.v).to.equal(room.v);
    expect((await get(ann, room.id)).body.me).to.include({ notify: 'all', favourite: false });
  });

  it('lists the rooms one is in, latest activity first', async () => {
    const reader = await api.register();
    const older = await group(reader, ann);
    const newer = await group(reader, ann);
    expect((await mine(reader)).map(({ id }) => id)).to.deep.equal([newer.id, older.id]);
    await patch(reader, older.id, { name: 'Alive' });
    expect((await mine(reader)).map(({ id }) => id)).to.deep.equal([older.id, newer.id]);
    expect((await mine(reader))[0]?.lastMessage?.event?.name).to.equal('renamed');
  });

  it('deletes a room for its owner only, with all that was in it', async () => {
    const room = await group(ann, bob);
    expect((await api.call('DELETE', `/rooms/${room.id}`, { token: bob.token })).status).to.equal(403);
    expect((await api.call('DELETE', `/rooms/${room.id}`, { token: ann.token })).status).to.equal(204);
    for (const by of [ann, bob]) {
      expect((await get(by, room.id)).status).to.equal(404);
      expect((await mine(by)).map(({ id }) => id)).not.to.include(room.id);
    }
    expect((await api.call('DELETE', `/rooms/${room.id}`, { token: ann.token })).status).to.equal(404);
  });
});
