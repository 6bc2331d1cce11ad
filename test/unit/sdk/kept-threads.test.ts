import { expect } from 'chai';
import {
  memoryRoomCache,
  memoryStorage,
  type ClientOptions,
  type ParleyClient,
  type RoomCache,
  type Storage,
  type ThreadHandle,
} from '../../../shared/sdk/index.ts';
import type { KeptThread } from '../../../shared/sdk/kept-thread.ts';
import { searchKept } from '../../../shared/sdk/search-kept.ts';
import type { Message, ThreadInfo, UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { eventually, isOnline, until, usePlans, type World } from './world.ts';

describe('A thread that was looked at', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;
  let storage: Storage;
  let cache: RoomCache;
  let away: boolean;
  const timing = { keepDelay: 1, aheadDelay: 1, aheadInterval: 1 };

  usePlans((scene) => ({ world, ada, bob, room } = scene));
  beforeEach(() => {
    storage = memoryStorage();
    cache = memoryRoomCache();
    away = false;
    world.server.onCall = () => (away ? { status: 503, code: 'unavailable', retryAfter: 0.05 } : undefined);
  });

  const ask = (text: string): number => room.post(bob, text, text).message.seq;
  const reply = (root: number, text: string): Message => {
    const { message } = room.post(bob, text, text, { thread: root });
    world.server.publish(room, { type: 'message', ...message });
    return message;
  };
  /** So much that the newest 100 messages, which are kept of a room, reach no further back. */
  const talkOn = (): void => {
    for (let n = 0; n < 120; n += 1) room.post(bob, `talk ${n}`, `talk ${n}`);
  };
  const texts = (thread: ThreadHandle): readonly string[] =>
    thread.timeline.get().items.map(({ message }) => message.text);
  const shows = (thread: ThreadHandle, ...expected: readonly string[]): Promise<unknown> =>
    until(thread.timeline, () => JSON.stringify(texts(thread)) === JSON.stringify(expected));
  const kept = async (): Promise<readonly KeptThread[]> =>
    (await cache.open(ada.id)).rooms.flatMap(({ threads }) => threads);
  const keeps = async (...expected: readonly string[]): Promise<void> => {
    const found = async (): Promise<string> =>
      JSON.stringify((await kept()).flatMap(({ replies }) => replies.map(({ text }) => text)));
    while ((await found()) !== JSON.stringify(expected))
      await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const begin = (): Promise<ParleyClient> => world.online('ada', { storage, cache, timing });
  /** A first visit, with a look at the thread. */
  const visit = async (root: number, ...expected: readonly string[]): Promise<void> => {
    const client = await begin();
    await client.room(room.id).open();
    await client.room(room.id).thread(root).open();
    await keeps(...expected);
    client.close();
  };
  const again = async (options: Partial<ClientOptions> = {}): Promise<ParleyClient> => {
    const client = world.client({ storage, cache, timing, ...options });
    void client.restore();
    await eventually(() => client.auth.get().name !== 'restoring' || client.rooms.get().length > 0);
    return client;
  };

  it('is shown while the server is away, although its room keeps nothing of it', async () => {
    const root = ask('where?');
    reply(root, 'at the harbour');
    reply(root, 'at nine');
    talkOn();
    await visit(root, 'at the harbour', 'at nine');
    away = true;
    const thread = (await again()).room(room.id).thread(root);
    expect(texts(thread)).to.deep.equal(['at the harbour', 'at nine']);
    expect(thread.message.get()?.text).to.equal('where?');
    expect(thread.timeline.get()).to.include({ loading: false, atStart: true });
    await thread.open().catch(() => undefined);
    expect(texts(thread)).to.deep.equal(['at the harbour', 'at nine']);
  });

  it('is found by a search without a server', async () => {
    const root = ask('where?');
    reply(root, 'at the harbour');
    talkOn();
    await visit(root, 'at the harbour');
    away = true;
    const client = await again();
    const { results } = searchKept(client.messages(), { q: 'harbour' });
    expect(results.map(({ text, thread }) => [text, thread])).to.deep.equal([['at the harbour', root]]);
    expect(searchKept(client.messages(), { q: 'where' }).results).to.have.length(1);
  });

  it('goes on with the log once the server is back: replies, edits and deletions, though nobody opens it', async () => {
    const root = ask('where?');
    const one = reply(root, 'one');
    const two = reply(root, 'two');
    await visit(root, 'one', 'two');
    room.edit(one.seq, { text: 'one, mended' });
    room.edit(two.seq, { text: '', deletedAt: new Date().toISOString() });
    reply(root, 'three');
    world.server.calls.length = 0;
    await isOnline(await again());
    await keeps('one, mended', '', 'three');
    expect(world.server.calls.filter((call) => call.includes('/messages'))).to.deep.equal([]);
  });

  it('is read again, though nobody opens it, where the room went on too far to hear of it all', async () => {
    const root = ask('where?');
    const one = reply(root, 'one');
    await visit(root, 'one');
    room.edit(one.seq, { text: '', deletedAt: new Date().toISOString() });
    for (let n = 0; n < 600; n += 1) room.post(bob, `n${n}`, `n${n}`);
    reply(root, 'two');
    await isOnline(await again());
    await keeps('', 'two');
  });

  it('holds nothing of the last visit that the server does not say again', async () => {
    const root = ask('where?');
    const one = reply(root, 'one');
    reply(root, 'two');
    await visit(root, 'one', 'two');
    room.messages.delete(one.seq);
    const client = await again();
    await isOnline(client);
    const thread = client.room(room.id).thread(root);
    await thread.open();
    await shows(thread, 'two');
    await keeps('two');
  });

  it('is forgotten where the server has no such thread any more', async () => {
    const root = ask('where?');
    reply(root, 'one');
    await visit(root, 'one');
    room.messages.delete(root);
    const client = await again();
    await isOnline(client);
    const thread = client.room(room.id).thread(root);
    await thread.open().catch(() => undefined);
    await shows(thread);
    await keeps();
  });

  it('is forgotten with its room', async () => {
    const root = ask('where?');
    reply(root, 'one');
    await visit(root, 'one');
    room.members.delete(ada.id);
    const client = await again();
    await isOnline(client);
    await keeps();
    expect(client.messages()).to.deep.equal([]);
  });

  it('is forgotten when its reader signs out', async () => {
    const root = ask('where?');
    reply(root, 'one');
    await visit(root, 'one');
    const client = await again();
    await isOnline(client);
    await client.logout();
    expect(await kept()).to.deep.equal([]);
  });

  it('is one of the latest 20, each with its newest 50 replies', async () => {
    const roots = Array.from({ length: 22 }, (_, n) => ask(`root ${n}`));
    for (let n = 0; n < 60; n += 1) reply(roots[21]!, `reply ${n}`);
    talkOn();
    const client = await begin();
    await client.room(room.id).open();
    for (const root of roots) {
      await client.room(room.id).thread(root).open();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const isThere = async (): Promise<boolean> =>
      (await kept()).some(({ root, replies }) => root === roots[21] && replies.length === 50);
    while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 2));
    expect((await kept()).map(({ root }) => root).sort((a, b) => a - b)).to.deep.equal(roots.slice(2));
    client.close();
    away = true;
    const thread = (await again()).room(room.id).thread(roots[21]!);
    expect(texts(thread).at(-1)).to.equal('reply 59');
    expect(thread.timeline.get().atStart).to.equal(false);
  });

  it('needs no look where its room holds it: whole, or as far back as the room goes', async () => {
    const early = ask('early');
    reply(early, 'too early');
    talkOn();
    reply(early, 'late');
    const late = ask('late root');
    reply(late, 'at once');
    const client = await begin();
    await client.room(room.id).open();
    const logs = async (): Promise<string> =>
      JSON.stringify((await cache.open(ada.id)).rooms.map(({ log }) => log));
    while (!(await logs()).includes('at once')) await new Promise((resolve) => setTimeout(resolve, 2));
    client.close();
    away = true;
    const handle = (await again()).room(room.id);
    expect(texts(handle.thread(late))).to.deep.equal(['at once']);
    expect(handle.thread(late).timeline.get().atStart).to.equal(true);
    expect(texts(handle.thread(early))).to.deep.equal(['late']);
    expect(handle.thread(early).message.get()).to.equal(undefined);
    expect(handle.thread(early).timeline.get().atStart).to.equal(false);
    expect(handle.thread(3).timeline.get().items).to.deep.equal([]);
  });

  it('is followed or not as at the last visit, until the server says', async () => {
    const root = ask('where?');
    const info = (seq: number): ThreadInfo => ({
      ...{ room: room.id, message: room.messages.get(seq)!, following: true, readSeq: 0, unread: 1 },
    });
    world.server.followed = [info(root)];
    const first = await begin();
    await until(first.threads, ({ length }) => length === 1);
    while ((await cache.open(ada.id)).own.followed?.length !== 1)
      await new Promise((resolve) => setTimeout(resolve, 2));
    first.close();
    away = true;
    const client = await again();
    expect(client.threads.get().map(({ message }) => message.text)).to.deep.equal(['where?']);
    expect(client.threadsLoaded.get()).to.equal(false);
    world.server.followed = [];
    away = false;
    client.wake();
    await until(client.threads, ({ length }) => length === 0);
    while ((await cache.open(ada.id)).own.followed?.length !== 0)
      await new Promise((resolve) => setTimeout(resolve, 2));
  });

  it('tells the server at the next visit what was read in it with no server to tell', async () => {
    const root = ask('where?');
    const { seq } = reply(root, 'one');
    const message = { ...room.messages.get(root)!, replies: 1, lastReply: { seq, at: '', users: [] } };
    world.server.followed = [{ room: room.id, message, following: true, readSeq: 0, unread: 1 }];
    const first = await begin();
    await until(first.threads, ({ length }) => length === 1);
    away = true;
    first.room(room.id).thread(root).markRead(seq);
    while ((await cache.open(ada.id)).own.followed?.[0]?.readSeq !== seq)
      await new Promise((resolve) => setTimeout(resolve, 2));
    first.close();
    away = false;
    world.server.calls.length = 0;
    const client = await again();
    const read = `POST /rooms/${room.id}/threads/${root}/read`;
    await eventually(() => world.server.count(read) === 1);
    expect(client.threads.get()[0]).to.include({ readSeq: seq, unread: 0 });
  });
});

describe('Whom one blocked', () => {
  let world: World;
  let bob: UserSummary;
  usePlans((scene) => ({ world, bob } = scene));

  it('is known while the server is away, until it says otherwise', async () => {
    const [storage, cache] = [memoryStorage(), memoryRoomCache()];
    const timing = { keepDelay: 1 };
    world.server.blocked = [bob];
    world.server.self = 3;
    const first = await world.online('ada', { storage, cache, timing });
    await until(first.own.blocked, ({ size }) => size === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    first.close();
    world.server.onCall = () => ({ status: 503, code: 'unavailable', retryAfter: 0.05 });
    const client = world.client({ storage, cache, timing });
    void client.restore();
    expect([...(await until(client.own.blocked, ({ size }) => size === 1))]).to.deep.equal([bob.id]);
    world.server.blocked = [];
    world.server.self = 4;
    world.server.onCall = () => undefined;
    client.wake();
    await until(client.own.blocked, ({ size }) => size === 0);
  });
});
