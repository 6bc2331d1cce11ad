import { expect } from 'chai';
import type { LogPage, Message, Room, SearchResults } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('mentions over REST', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let room: string;
  useScene((scene) => ({ api, other, ann, bob, eve } = scene));
  const create = async (body: object, by = ann): Promise<string> =>
    (await api.call<Room>('POST', '/rooms', { token: by.token, body })).body.id;
  beforeEach(async () => {
    room = await create({ type: 'group', name: 'Mentions', members: [bob.id] });
  });

  let sent = 0;
  const send = async (by: Account, text: string, to = room): Promise<Message> => {
    const body = { clientId: `c${++sent}`, text };
    return (await api.call<Message>('POST', `/rooms/${to}/messages`, { token: by.token, body })).body;
  };
  const edit = async (by: Account, { seq }: Message, text: string): Promise<Message> =>
    (
      await other.call<Message>('PATCH', `/rooms/${room}/messages/${seq}`, {
        token: by.token,
        body: { text },
      })
    ).body;
  const mine = async (by: Account, node = other): Promise<Room['me']> => {
    const { body } = await node.call<{ rooms: readonly Room[] }>('GET', '/rooms', { token: by.token });
    return (body.rooms.find(({ id }) => id === room) as Room).me;
  };
  const list = async (by: Account, query = ''): Promise<SearchResults> =>
    (await other.call<SearchResults>('GET', `/mentions${query}`, { token: by.token })).body;
  /** The list is written a moment behind the log. */
  const listed = async (by: Account, wanted: readonly Message[]): Promise<void> => {
    const seqs = wanted.map(({ id }) => id);
    for (;;) {
      const found = (await list(by)).results.filter((message) => message.room === room).map(({ id }) => id);
      if (found.join() === seqs.join()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('name members of the room, each once, by their usernames', async () => {
    const message = await send(
      ann,
      `@${bob.username}, ask @${ann.username.toUpperCase()} or @${bob.username}.`,
    );
    expect(message.mentions).to.deep.equal([bob.id, ann.id]);
    const path = `/rooms/${room}/log?after=${message.seq - 1}`;
    const { body } = await other.call<LogPage>('GET', path, { token: bob.token });
    expect(body.messages).to.deep.equal([message]);
  });

  it('name the whole room as @room, @all, @channel and @here', async () => {
    for (const alias of ['room', 'all', 'channel', 'here', 'ALL'])
      expect((await send(bob, `Lunch, @${alias}!`)).mentions, alias).to.deep.equal(['room']);
  });

  it('name nobody who is not in the room, in code, in addresses and in direct conversations', async () => {
    for (const text of [
      `@${eve.username} is not here`,
      '@nobody-at-all',
      `\`@${bob.username}\``,
      `mail@${bob.username}`,
      'plain',
    ])
      expect(await send(ann, text), text).to.not.have.property('mentions');
    const dm = await create({ type: 'dm', user: bob.id });
    expect(await send(ann, `Hello @${bob.username} @room`, dm)).to.not.have.property('mentions');
  });

  it('are at most 50 in a message', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `@nobody-${i}`).join(' ');
    expect(await send(ann, `${names} @${bob.username}`)).to.not.have.property('mentions');
    expect((await send(ann, `@${bob.username} ${names}`)).mentions).to.deep.equal([bob.id]);
  });

  it('of a large room are its owner’s and admins’ alone', async function () {
    this.timeout(60_000);
    const crowd = await Promise.all(Array.from({ length: 100 }, () => api.register('crowd')));
    const big = await create({ type: 'group', name: 'Big', members: [bob.id] });
    const chunks = [crowd.slice(0, 50), crowd.slice(50)];
    for (const chunk of chunks) {
      const body = { users: chunk.map(({ id }) => id) };
      const { status } = await api.call('POST', `/rooms/${big}/members`, { token: ann.token, body });
      expect(status).to.equal(200);
    }
    expect(await send(bob, '@room hear me', big)).to.not.have.property('mentions');
    expect((await send(ann, '@room hear me', big)).mentions).to.deep.equal(['room']);
  });

  it('are counted apart from what is unread, until it is read', async () => {
    await send(ann, 'nothing special');
    await send(ann, `@${bob.username} look`);
    const last = await send(ann, '@room look');
    expect(await mine(bob)).to.include({ unread: 3, mentions: 2 });
    expect(await mine(ann)).to.include({ unread: 0, mentions: 0 });
    const path = `/rooms/${room}/read`;
    await api.call('POST', path, { token: bob.token, body: { seq: last.seq } });
    for (;;) {
      const { unread, mentions } = await mine(bob);
      if (unread === 0 && mentions === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('change with an edit, and go with a delete', async () => {
    const message = await send(ann, 'for whom?');
    expect((await edit(ann, message, `for @${bob.username}`)).mentions).to.deep.equal([bob.id]);
    expect(await mine(bob)).to.include({ unread: 1, mentions: 1 });
    expect(await edit(ann, message, 'for nobody')).to.not.have.property('mentions');
    expect(await mine(bob)).to.include({ unread: 1, mentions: 0 });
    await edit(ann, message, '@all');
    const path = `/rooms/${room}/messages/${message.seq}`;
    const { body } = await api.call<Message>('DELETE', path, { token: ann.token });
    expect(body).to.not.have.property('mentions');
    expect(await mine(bob)).to.include({ unread: 0, mentions: 0 });
  });

  describe('of oneself', () => {
    it('are listed over all rooms, newest first, as they now stand, page by page', async function () {
      this.timeout(60_000);
      const first = await send(ann, `@${bob.username} one`);
      const second = await send(ann, '@room two');
      const third = await send(ann, 'three');
      await edit(ann, third, `three, @${bob.username}`);
      await send(bob, '@room my own');
      await listed(bob, [third, second, first]);
      const page = await list(bob, '?limit=1');
      expect(page.results.map(({ id }) => id)).to.deep.equal([third.id]);
      const next = await list(bob, `?limit=1&cursor=${page.next ?? ''}`);
      expect(next.results.map(({ id }) => id)).to.deep.equal([second.id]);
      await edit(ann, second, 'two');
      await listed(bob, [third, first]);
    });

    it('are nobody else’s, and not of before one came', async function () {
      this.timeout(60_000);
      const before = await send(ann, `@room and @${bob.username}`);
      await listed(bob, [before]);
      const { body } = await api.call<Room>('POST', `/rooms/${room}/members`, {
        token: ann.token,
        body: { users: [eve.id] },
      });
      expect(body).to.have.property('members');
      const after = await send(ann, '@room again');
      await listed(eve, [after]);
      await api.call('DELETE', `/rooms/${room}/members/${eve.id}`, { token: ann.token });
      await listed(eve, []);
    });

    it('are refused to strangers, and with a bad cursor', async () => {
      expect((await api.refused('GET', '/mentions')).status).to.equal(401);
      for (const query of ['cursor=x', 'limit=0', 'limit=201', 'q=x'])
        expect((await api.refused('GET', `/mentions?${query}`, { token: ann.token })).code).to.equal(
          'invalid',
        );
    });
  });

  it('cannot be had by taking their names', async () => {
    for (const username of ['room', 'all', 'here', 'channel']) {
      const body = { username, password: 'correct horse' };
      expect((await api.refused('POST', '/auth/register', { body })).status, username).to.equal(409);
    }
  });
});
