import { expect } from 'chai';
import type { ThreadHandle } from '../../../shared/sdk/index.ts';
import type { KeptThread } from '../../../shared/sdk/kept-thread.ts';
import { searchKept } from '../../../shared/sdk/search-kept.ts';
import type { Message, ThreadInfo, UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { Visits } from './visits.ts';
import { eventually, isOnline, until, usePlans, type World } from './world.ts';

describe('A thread that was looked at', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;
  let visits: Visits;

  usePlans((scene) => ({ world, ada, bob, room } = scene));
  beforeEach(() => {
    visits = new Visits(world);
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
    (await visits.cache.open(ada.id)).rooms.flatMap(({ threads }) => threads);
  const keeps = (...expected: readonly string[]): Promise<void> =>
    eventually(async () => {
      const found = (await kept()).flatMap(({ replies }) => replies.map(({ text }) => text));
      return JSON.stringify(found) === JSON.stringify(expected);
    });
  const keptFollowed = async (): Promise<readonly ThreadInfo[] | undefined> =>
    (await visits.cache.open(ada.id)).own.followed;
  /** A first visit, with a look at the thread. */
  const visit = async (root: number, ...expected: readonly string[]): Promise<void> => {
    const client = await visits.begin();
    await client.room(room.id).open();
    await client.room(room.id).thread(root).open();
    await keeps(...expected);
    client.close();
  };

  it('is shown while the server is away, although its room keeps nothing of it', async () => {
    const root = ask('where?');
    reply(root, 'at the harbour');
    reply(root, 'at nine');
    talkOn();
    await visit(root, 'at the harbour', 'at nine');
    visits.isAway = true;
    const thread = (await visits.again()).room(room.id).thread(root);
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
    visits.isAway = true;
    const client = await visits.again();
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
    await isOnline(await visits.again());
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
    await isOnline(await visits.again());
    await keeps('', 'two');
  });

  it('holds nothing of the last visit that the server does not say again', async () => {
    const root = ask('where?');
    const one = reply(root, 'one');
    reply(root, 'two');
    await visit(root, 'one', 'two');
    room.messages.delete(one.seq);
    const client = await visits.again();
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
    const client = await visits.again();
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
    const client = await visits.again();
    await isOnline(client);
    await keeps();
    expect(client.messages()).to.deep.equal([]);
  });

  it('is forgotten when its reader signs out', async () => {
    const root = ask('where?');
    reply(root, 'one');
    await visit(root, 'one');
    const client = await visits.again();
    await isOnline(client);
    await client.logout();
    expect(await kept()).to.deep.equal([]);
  });

  it('is one of the latest 20, each with its newest 50 replies', async () => {
    const roots = Array.from({ length: 22 }, (_, n) => ask(`root ${n}`));
    for (let n = 0; n < 60; n += 1) reply(roots[21]!, `reply ${n}`);
    talkOn();
    const client = await visits.begin();
    await client.room(room.id).open();
    for (const root of roots) {
      await client.room(room.id).thread(root).open();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await eventually(async () =>
      (await kept()).some(({ root, replies }) => root === roots[21] && replies.length === 50),
    );
    expect((await kept()).map(({ root }) => root).sort((a, b) => a - b)).to.deep.equal(roots.slice(2));
    client.close();
    visits.isAway = true;
    const thread = (await visits.again()).room(room.id).thread(roots[21]!);
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
    const client = await visits.begin();
    await client.room(room.id).open();
    await eventually(async () => {
      const { rooms } = await visits.cache.open(ada.id);
      return JSON.stringify(rooms.map(({ log }) => log)).includes('at once');
    });
    client.close();
    visits.isAway = true;
    const handle = (await visits.again()).room(room.id);
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
    const first = await visits.begin();
    await until(first.threads, ({ length }) => length === 1);
    await eventually(async () => (await keptFollowed())?.length === 1);
    first.close();
    visits.isAway = true;
    const client = await visits.again();
    expect(client.threads.get().map(({ message }) => message.text)).to.deep.equal(['where?']);
    expect(client.threadsLoaded.get()).to.equal(false);
    world.server.followed = [];
    visits.isAway = false;
    client.wake();
    await until(client.threads, ({ length }) => length === 0);
    await eventually(async () => (await keptFollowed())?.length === 0);
  });

  it('tells the server at the next visit what was read in it with no server to tell', async () => {
    const root = ask('where?');
    const { seq } = reply(root, 'one');
    const message = { ...room.messages.get(root)!, replies: 1, lastReply: { seq, at: '', users: [] } };
    world.server.followed = [{ room: room.id, message, following: true, readSeq: 0, unread: 1 }];
    const first = await visits.begin();
    await until(first.threads, ({ length }) => length === 1);
    visits.isAway = true;
    first.room(room.id).thread(root).markRead(seq);
    await eventually(async () => (await keptFollowed())?.[0]?.readSeq === seq);
    first.close();
    visits.isAway = false;
    world.server.calls.length = 0;
    const client = await visits.again();
    const read = `POST /rooms/${room.id}/threads/${root}/read`;
    await eventually(() => world.server.count(read) === 1);
    expect(client.threads.get()[0]).to.include({ readSeq: seq, unread: 0 });
  });
});

describe('Whom one blocked', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  usePlans((scene) => ({ world, ada, bob } = scene));

  it('is known while the server is away, until it says otherwise', async () => {
    const visits = new Visits(world);
    world.server.blocked = [bob];
    world.server.self = 3;
    const first = await visits.begin();
    await until(first.own.blocked, ({ size }) => size === 1);
    await eventually(async () => (await visits.cache.open(ada.id)).own.blocked?.users.length === 1);
    first.close();
    visits.isAway = true;
    const client = visits.resume();
    expect([...(await until(client.own.blocked, ({ size }) => size === 1))]).to.deep.equal([bob.id]);
    world.server.blocked = [];
    world.server.self = 4;
    await visits.comeBack(client);
    await until(client.own.blocked, ({ size }) => size === 0);
  });
});
