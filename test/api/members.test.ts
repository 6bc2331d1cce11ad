import { expect } from 'chai';
import type { Member, MessagePage, Role, Room } from '../../shared/wire/rest.ts';
import { PASSWORD, type Account, type ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('the membership API', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let dan: Account;
  useScene((scene) => ({ api, other, ann, bob, eve } = scene));
  before(async () => {
    dan = await api.register('dan');
  });

  let names = 0;
  const create = async (by: Account, type: 'group' | 'channel', ...members: Account[]): Promise<string> => {
    const body = { type, name: `Place ${++names}`, members: members.map(({ id }) => id) };
    return (await api.call<Room>('POST', '/rooms', { token: by.token, body })).body.id;
  };
  const post = (by: Account, path: string, body?: object, node = api) =>
    node.call<Room>('POST', `/rooms/${path}`, { token: by.token, ...(body === undefined ? {} : { body }) });
  const members = async (by: Account, room: string): Promise<readonly Member[]> =>
    (await api.call<{ members: Member[] }>('GET', `/rooms/${room}/members`, { token: by.token })).body
      .members;
  const roles = async (by: Account, room: string): Promise<Record<string, Role>> =>
    Object.fromEntries(
      (await members(by, room)).map(({ user, role }) => [user.username.split('-')[0] ?? '', role]),
    );
  const setRole = (by: Account, room: string, user: Account, role: Role) =>
    api.call('PATCH', `/rooms/${room}/members/${user.id}`, { token: by.token, body: { role } });
  const remove = (by: Account, room: string, user: Account) =>
    api.call('DELETE', `/rooms/${room}/members/${user.username}`, { token: by.token });
  const room = (by: Account, id: string) => api.call<Room>('GET', `/rooms/${id}`, { token: by.token });
  const events = async (by: Account, id: string) =>
    (await api.call<MessagePage>('GET', `/rooms/${id}/messages`, { token: by.token })).body.messages.map(
      ({ event }) => event?.name,
    );

  it('lets anyone join a public channel, as often as they like', async () => {
    const id = await create(ann, 'channel');
    const joined = await post(bob, `${id}/join`, undefined, other);
    expect(joined.status).to.equal(200);
    expect(joined.body).to.include({ members: 2 });
    expect(joined.body.me).to.include({ role: 'member', unread: 0 });
    expect((await post(bob, `${id}/join`)).body.v).to.equal(joined.body.v);
    expect(await events(bob, id)).to.deep.equal(['created', 'joined']);
  });

  it('counts the members right when many join at once', async () => {
    const id = await create(ann, 'channel');
    const people = await Promise.all(Array.from({ length: 12 }, () => api.register('many')));
    await Promise.all(people.map((one, i) => post(one, `${id}/join`, undefined, i % 2 === 0 ? api : other)));
    expect((await room(ann, id)).body.members).to.equal(13);
    expect(await members(ann, id)).to.have.length(13);
  });

  it('lets members leave, and an owner only after handing over', async () => {
    const id = await create(ann, 'group', bob);
    expect((await post(ann, `${id}/leave`)).status).to.equal(409);
    expect((await setRole(ann, id, bob, 'owner')).status).to.equal(200);
    expect(await roles(ann, id)).to.deep.equal({ ann: 'admin', bob: 'owner' });
    expect((await post(ann, `${id}/leave`)).status).to.equal(204);
    expect((await room(ann, id)).status).to.equal(404);
    expect(await events(bob, id)).to.deep.equal(['created', 'role', 'left']);
  });

  it('lets owners and admins add people, each once', async () => {
    const id = await create(ann, 'group', bob);
    expect((await post(bob, `${id}/members`, { users: [eve.id] })).status).to.equal(403);
    await setRole(ann, id, bob, 'admin');
    const added = await api.call<{ members: Member[] }>('POST', `/rooms/${id}/members`, {
      token: bob.token,
      body: { users: [eve.username, eve.id, ann.id] },
    });
    expect(added.status).to.equal(200);
    expect(added.body.members.map(({ user }) => user.id)).to.deep.equal([ann.id, bob.id, eve.id]);
    expect((await post(ann, `${id}/members`, { users: ['nobody-there'] })).status).to.equal(404);
  });

  it('lets admins remove members, and the owner anybody', async () => {
    const id = await create(ann, 'group', bob, eve, dan);
    expect((await remove(eve, id, dan)).status).to.equal(403);
    await setRole(ann, id, bob, 'admin');
    await setRole(ann, id, eve, 'admin');
    expect((await remove(bob, id, eve)).status).to.equal(403);
    expect((await remove(bob, id, ann)).status).to.equal(403);
    expect((await remove(bob, id, dan)).status).to.equal(204);
    expect((await remove(bob, id, dan)).status).to.equal(404);
    expect((await remove(ann, id, bob)).status).to.equal(204);
    expect(await roles(ann, id)).to.deep.equal({ ann: 'owner', eve: 'admin' });
  });

  it('lets only the owner give roles', async () => {
    const id = await create(ann, 'group', bob, eve);
    await setRole(ann, id, bob, 'admin');
    expect((await setRole(bob, id, eve, 'admin')).status).to.equal(403);
    expect((await setRole(ann, id, ann, 'member')).status).to.equal(409);
    expect((await setRole(ann, id, dan, 'admin')).status).to.equal(404);
  });

  it('refuses the messages of who was removed, on every node', async () => {
    const id = await create(ann, 'group', bob);
    const send = (clientId: string) => post(bob, `${id}/messages`, { clientId, text: 'hello' }, other);
    expect((await send('c1')).status).to.equal(201);
    expect((await remove(ann, id, bob)).status).to.equal(204);
    let n = 1;
    // The other node hears of it over Redis: at once, but not in the same instant.
    while ((await send(`c${++n}`)).status !== 404) await new Promise((resolve) => setImmediate(resolve));
    expect(n).to.be.lessThan(50);
  });

  it('pages through members in order of joining', async () => {
    const id = await create(ann, 'group', bob, eve, dan);
    const page = (query: string) =>
      api.call<{ members: Member[]; next?: string }>('GET', `/rooms/${id}/members?limit=3${query}`, {
        token: ann.token,
      });
    const first = (await page('')).body;
    const second = (await page(`&cursor=${first.next ?? ''}`)).body;
    expect([...first.members, ...second.members].map(({ user }) => user.id)).to.deep.equal(
      [ann, bob, eve, dan].map(({ id: user }) => user),
    );
    expect(second).not.to.have.property('next');
    expect(
      (await api.refused('GET', `/rooms/${id}/members?cursor=bm90`, { token: ann.token })).code,
    ).to.equal('invalid');
  });

  it('hands the rooms of a deleted account over', async () => {
    const gone = await api.register('gone');
    const shared = await create(gone, 'group', bob, eve);
    const alone = await create(gone, 'channel');
    await setRole(gone, shared, eve, 'admin');
    const erase = (password: string) =>
      api.call('DELETE', '/users/me', { token: gone.token, body: { password } });
    expect((await erase('wrong horse')).status).to.equal(403);
    expect((await erase(PASSWORD)).status).to.equal(204);
    expect(await roles(bob, shared)).to.deep.equal({ bob: 'member', eve: 'owner' });
    expect((await post(bob, `${alone}/join`)).status).to.equal(404);
    const { body } = await api.call<MessagePage>('GET', `/rooms/${shared}/messages`, { token: bob.token });
    expect(body.messages[0]?.sender).to.deep.equal({
      id: gone.id,
      username: 'deleted',
      displayName: 'Deleted user',
    });
    const login = { username: gone.username, password: PASSWORD };
    expect((await api.call('POST', '/auth/login', { body: login })).status).to.equal(401);
    expect((await api.call('GET', `/users/${gone.id}`, { token: bob.token })).status).to.equal(404);
    expect((await api.call('POST', '/auth/register', { body: login })).status).to.equal(201);
  });
});
