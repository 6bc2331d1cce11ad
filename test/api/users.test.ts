import { expect } from 'chai';
import type { Me, UserList, UserSummary } from '../../shared/wire/rest.ts';
import { PASSWORD, startApi, type Account, type ApiNode } from '../support/api-node.ts';

describe('the user API', () => {
  let api: ApiNode;
  let ann: Account;
  before(async function () {
    this.timeout(240_000);
    api = await startApi();
    ann = await api.register('ann');
  });
  after(async () => {
    await api?.stop();
  });

  const search = async (query: string): Promise<UserList> =>
    (await api.call<UserList>('GET', `/users${query}`, { token: ann.token })).body;

  it('shows a user by id and by name, without what is private', async () => {
    const body = { username: 'public.person', password: PASSWORD, email: 'p@example.org' };
    const { user } = (await api.call<{ user: Me }>('POST', '/auth/register', { body })).body;
    for (const ref of [user.id, user.username]) {
      const answer = await api.call<UserSummary>('GET', `/users/${ref}`, { token: ann.token });
      expect(answer.body).to.deep.equal({ id: user.id, username: user.username, displayName: user.username });
    }
    expect((await api.refused('GET', '/users/nobody-at-all', { token: ann.token })).code).to.equal(
      'not_found',
    );
  });

  it('changes the profile, and removes what is set to nothing', async () => {
    const patch = (body: object) => api.call<Me>('PATCH', '/users/me', { token: ann.token, body });
    expect((await patch({ displayName: 'Ann Ä', status: 'away', email: 'ann@example.org' })).body).to.include(
      {
        displayName: 'Ann Ä',
        status: 'away',
        email: 'ann@example.org',
      },
    );
    expect((await patch({ status: '', email: '' })).body).not.to.have.any.keys('status', 'email');
    expect((await patch({})).status).to.equal(400);
    expect((await patch({ role: 'admin' })).status).to.equal(400);
  });

  it('finds people by prefix of username and of display name, in any case', async () => {
    const { id } = await api.register('findable');
    const token = (await api.register('zed')).token;
    await api.call('PATCH', '/users/me', { token, body: { displayName: 'Findling Müller' } });
    expect((await search('?q=FIND')).users.map(({ displayName }) => displayName)).to.include(
      'Findling Müller',
    );
    expect((await search('?q=findab')).users.map((user) => user.id)).to.deep.equal([id]);
    expect((await search('?q=f.*')).users).to.deep.equal([]);
    expect((await search('?q=%5B(%24')).users).to.deep.equal([]);
  });

  it('names up to 200 people by id in one call, each once, as they are now', async () => {
    const [one, other] = await Promise.all([api.register('one'), api.register('other')]);
    await api.call('PATCH', '/users/me', { token: one.token, body: { status: 'on a train' } });
    const { users } = await search(`?ids=${one.id},${other.id},${one.id},${'0'.repeat(24)}`);
    expect(users.map(({ id, status, displayName }) => [id, status, displayName])).to.deep.equal([
      [one.id, 'on a train', one.username],
      [other.id, undefined, other.username],
      ['0'.repeat(24), undefined, 'Deleted user'],
    ]);
    const many = Array.from({ length: 201 }, (_, n) => n.toString(16).padStart(24, '0'));
    expect((await search(`?ids=${many.slice(1).join()}`)).users).to.have.length(200);
    for (const ids of ['', 'ann', many.join(), `${one.id},`])
      expect((await api.refused('GET', `/users?ids=${ids}`, { token: ann.token })).code).to.equal('invalid');
    expect((await api.refused('GET', `/users?ids=${one.id}`)).code).to.equal('unauthorized');
  });

  it('raises the user’s own version with each change of the profile', async () => {
    const { id, token } = await api.register('versed');
    const version = async (): Promise<number> => {
      const { users } = await api.internal<{ users: Record<string, { self?: { v: number } }> }>(
        '/room-lists',
        {
          users: { [id]: [] },
        },
      );
      return users[id]?.self?.v ?? 0;
    };
    expect(await version()).to.equal(0);
    await api.call('PATCH', '/users/me', { token, body: { status: 'here' } });
    await api.call('PATCH', '/users/me', { token, body: { hidePresence: true } });
    expect(await version()).to.equal(2);
    await api.refused('PATCH', '/users/me', { token, body: { status: 5 } });
    expect(await version()).to.equal(2);
  });

  it('pages through all users', async () => {
    for (let n = 0; n < 5; n++) await api.register('page');
    const all = (await search('?limit=200')).users.map(({ id }) => id);
    const paged: string[] = [];
    let cursor = '';
    do {
      const { users, next } = await search(`?limit=2${cursor}`);
      paged.push(...users.map(({ id }) => id));
      cursor = next === undefined ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(paged).to.deep.equal(all);
    expect(new Set(paged).size).to.equal(paged.length);
  });
});
