import { expect } from 'chai';
import type { LogPage, Message, MessagePage, Room, ThreadInfo, ThreadList } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('threads over REST', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let cid: Account;
  let eve: Account;
  let room: string;
  useScene((scene) => ({ api, other, ann, bob, eve } = scene));
  before(async () => {
    cid = await api.register('cid');
  });
  const createRoom = async (name = 'Threads'): Promise<string> => {
    const body = { type: 'group', name, members: [bob.id, cid.id] };
    return (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  };
  beforeEach(async () => {
    room = await createRoom();
  });

  let sent = 0;
  const post = (by: Account, more: object, to = room, node = api) =>
    node.call<Message>('POST', `/rooms/${to}/messages`, {
      token: by.token,
      body: { clientId: `c${++sent}`, text: 'words', ...more },
    });
  const send = async (by: Account, more: object = {}): Promise<Message> => {
    const { status, body } = await post(by, more);
    expect(status, JSON.stringify(body)).to.equal(201);
    return body;
  };
  const reply = (by: Account, root: Message, more: object = {}): Promise<Message> =>
    send(by, { thread: root.seq, ...more });
  const get = async <T>(by: Account, path: string, node = other): Promise<T> => {
    const { status, body } = await node.call<T>('GET', path, { token: by.token });
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  };
  const shown = async (by: Account, { seq }: Message): Promise<Message | undefined> =>
    (await get<MessagePage>(by, `/rooms/${room}/messages`)).messages.find((one) => one.seq === seq);
  const followed = async (by: Account): Promise<readonly ThreadInfo[]> =>
    (await get<ThreadList>(by, '/threads?following')).threads.filter((one) => one.room === room);
  const at = (root: Message, rest: string): string => `/rooms/${room}/threads/${root.seq}/${rest}`;
  /** The list, once what is written behind has come. */
  const until = async (by: Account, done: (threads: readonly ThreadInfo[]) => boolean) => {
    for (;;) {
      const threads = await followed(by);
      if (done(threads)) return threads;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  describe('a root', () => {
    it('tells how many replies it has, the newest, and who wrote them', async () => {
      const root = await send(ann);
      await reply(bob, root);
      await reply(cid, root);
      const last = await reply(bob, root);
      const seen = await shown(ann, root);
      expect(seen).to.deep.include({ replies: 3, rev: root.rev });
      expect(seen?.lastReply).to.deep.include({ seq: last.seq, at: last.at });
      expect(seen?.lastReply?.users.map(({ id }) => id)).to.deep.equal([bob.id, cid.id]);
      expect(root).to.not.have.any.keys('replies', 'lastReply');
    });

    it('does not count deleted replies, and loses its line with the last', async () => {
      const root = await send(ann);
      const first = await reply(bob, root);
      const second = await reply(cid, root);
      await api.call('DELETE', `/rooms/${room}/messages/${second.seq}`, { token: cid.token });
      expect(await shown(ann, root)).to.deep.include({ replies: 1 });
      expect((await shown(ann, root))?.lastReply?.seq).to.equal(first.seq);
      await api.call('DELETE', `/rooms/${room}/messages/${first.seq}`, { token: bob.token });
      expect(await shown(ann, root)).to.not.have.any.keys('replies', 'lastReply');
    });

    it('keeps its count when it is edited, in the answer and in the log', async () => {
      const root = await send(ann);
      await reply(bob, root);
      const path = `/rooms/${room}/messages/${root.seq}`;
      const { body } = await api.call<Message>('PATCH', path, { token: ann.token, body: { text: 'other' } });
      expect(body).to.deep.include({ text: 'other', replies: 1 });
      const log = await get<LogPage>(bob, `/rooms/${room}/log?after=${root.seq}`);
      expect(log.changed).to.deep.equal([body]);
    });

    it('is read with its replies, the newest first page by page', async () => {
      const root = await send(ann);
      const replies = [await reply(bob, root), await reply(ann, root), await reply(cid, root)];
      await send(bob, { text: 'beside' });
      const seqs = async (query: string): Promise<number[]> =>
        (await get<MessagePage>(ann, `/rooms/${room}/messages?thread=${root.seq}${query}`)).messages.map(
          ({ seq }) => seq,
        );
      expect(await seqs('')).to.deep.equal([root, ...replies].map(({ seq }) => seq));
      expect(await seqs('&limit=2')).to.deep.equal(replies.slice(1).map(({ seq }) => seq));
      expect(await seqs(`&limit=2&before=${replies[1]!.seq}`)).to.deep.equal([root.seq, replies[0]!.seq]);
    });
  });

  describe('followers', () => {
    it('are who started it and who replied, each with a cursor of their own', async () => {
      const root = await send(ann);
      await reply(bob, root);
      await reply(bob, root);
      const [mine] = await until(ann, (threads) => threads[0]?.unread === 2);
      expect(mine).to.deep.include({ room, following: true, readSeq: root.seq });
      expect(mine?.message).to.deep.include({ seq: root.seq, replies: 2 });
      const [his] = await until(bob, (threads) => threads.length === 1);
      expect(his?.unread).to.equal(0);
      expect(await followed(cid)).to.deep.equal([]);
    });

    it('see the thread replied to last first, page by page', async () => {
      const roots = [await send(ann), await send(ann), await send(ann)];
      for (const root of roots) await reply(bob, root);
      await until(ann, (threads) => threads.length === 3);
      await reply(bob, roots[0]!);
      const order = [roots[0], roots[2], roots[1]].map((root) => root?.seq);
      await until(ann, (threads) => threads[0]?.message.seq === order[0]);
      const mine: number[] = [];
      for (let cursor = ''; ;) {
        const page: ThreadList = await get(ann, `/threads?limit=1${cursor}`);
        mine.push(...page.threads.filter((one) => one.room === room).map(({ message }) => message.seq));
        if (page.next === undefined) break;
        cursor = `&cursor=${page.next}`;
      }
      expect(mine).to.deep.equal(order);
      const ofRoom: ThreadList = await get(cid, `/rooms/${room}/threads?limit=2`);
      expect(ofRoom.threads.map(({ message }) => message.seq)).to.deep.equal(order.slice(0, 2));
      expect(ofRoom.threads[0]).to.deep.include({ following: false, unread: 0 });
      const rest: ThreadList = await get(cid, `/rooms/${room}/threads?limit=2&cursor=${ofRoom.next ?? ''}`);
      expect(rest.threads.map(({ message }) => message.seq)).to.deep.equal(order.slice(2));
      expect(rest.next).to.equal(undefined);
    });

    it('read up to where they say, never back, never past what is there', async () => {
      const root = await send(ann);
      const first = await reply(bob, root);
      const second = await reply(bob, root);
      await until(ann, (threads) => threads[0]?.unread === 2);
      const read = (seq: number) =>
        api.call('POST', at(root, 'read'), { token: ann.token, body: { seq } }).then(({ status }) => status);
      expect(await read(first.seq)).to.equal(204);
      expect((await followed(ann))[0]).to.deep.include({ readSeq: first.seq, unread: 1 });
      expect(await read(second.seq)).to.equal(204);
      expect(await read(first.seq)).to.equal(204);
      expect((await followed(ann))[0]).to.deep.include({ readSeq: second.seq, unread: 0 });
      expect(await read(2 ** 40)).to.equal(204);
      expect((await followed(ann))[0]?.readSeq).to.be.below(second.seq + 10);
    });

    it('do not count their own replies, nor deleted ones', async () => {
      const root = await send(ann);
      const gone = await reply(bob, root);
      await reply(ann, root);
      await reply(bob, root);
      await until(ann, (threads) => threads[0]?.unread === 2);
      await api.call('DELETE', `/rooms/${room}/messages/${gone.seq}`, { token: bob.token });
      await until(ann, (threads) => threads[0]?.unread === 1);
    });

    it('come and go by hand; who stopped comes back with a reply of their own', async () => {
      const root = await send(ann);
      await reply(bob, root);
      await until(ann, (threads) => threads.length === 1);
      const follow = (by: Account, method: string) =>
        api.call(method, at(root, 'follow'), { token: by.token }).then(({ status }) => status);
      expect(await follow(cid, 'PUT')).to.equal(204);
      expect((await followed(cid))[0]).to.deep.include({ following: true, unread: 0 });
      expect(await follow(ann, 'DELETE')).to.equal(204);
      expect(await followed(ann)).to.deep.equal([]);
      await reply(bob, root);
      await until(cid, (threads) => threads[0]?.unread === 1);
      expect(await followed(ann), 'another one’s reply does not bring her back').to.deep.equal([]);
      expect(await get<ThreadInfo>(ann, `/rooms/${room}/threads/${root.seq}`)).to.deep.include({
        following: false,
      });
      await reply(ann, root);
      await until(ann, (threads) => threads.length === 1);
    });

    it('lose it with the room, also after they come back', async () => {
      const root = await send(bob);
      await reply(cid, root);
      await until(bob, (threads) => threads.length === 1);
      await until(cid, (threads) => threads.length === 1);
      await api.call('DELETE', `/rooms/${room}/members/${bob.id}`, { token: ann.token });
      await api.call('POST', `/rooms/${room}/leave`, { token: cid.token });
      for (const gone of [bob, cid]) expect(await followed(gone)).to.deep.equal([]);
      const body = { users: [bob.id] };
      await api.call('POST', `/rooms/${room}/members`, { token: ann.token, body });
      expect(await followed(bob)).to.deep.equal([]);
    });
  });

  describe('threads refuse', () => {
    it('strangers, as if there were none', async () => {
      const root = await send(ann);
      const calls: [string, string, object?][] = [
        ['GET', `/rooms/${room}/threads`],
        ['GET', `/rooms/${room}/threads/${root.seq}`],
        ['GET', `/rooms/${room}/messages?thread=${root.seq}`],
        ['GET', `/rooms/${room}/messages?seqs=${root.seq}`],
        ['PUT', at(root, 'follow')],
        ['DELETE', at(root, 'follow')],
        ['POST', at(root, 'read'), { seq: root.seq }],
      ];
      for (const [method, path, body] of calls) {
        const { status, code } = await api.refused(method, path, { token: eve.token, body });
        expect([status, code], `${method} ${path}`).to.deep.equal([404, 'not_found']);
        expect((await api.refused(method, path, { body })).status, path).to.equal(401);
      }
      expect((await post(eve, { thread: root.seq })).status).to.equal(404);
    });

    it('to start in a thread, at a reply, at nothing', async () => {
      const root = await send(ann);
      const inside = await reply(bob, root);
      expect((await post(cid, { thread: inside.seq })).status).to.equal(400);
      expect((await post(cid, { thread: 4_000 })).status).to.equal(404);
      expect((await api.refused('PUT', at(inside, 'follow'), { token: ann.token })).status).to.equal(400);
      const nothing = `/rooms/${room}/threads/4000/follow`;
      expect((await api.refused('PUT', nothing, { token: ann.token })).status).to.equal(404);
    });

    it('bad input', async () => {
      const root = await send(ann);
      for (const body of [{}, { seq: -1 }, { seq: 'x' }, { seq: 1, more: 1 }])
        expect((await api.refused('POST', at(root, 'read'), { token: ann.token, body })).status).to.equal(
          400,
        );
      for (const path of [
        '/threads?cursor=x',
        '/threads?limit=0',
        '/threads?following=false',
        `/rooms/${room}/threads?cursor=x`,
        `/rooms/${room}/threads/0`,
        `/rooms/${room}/messages?seqs=`,
        `/rooms/${room}/messages?seqs=1,x`,
        `/rooms/${room}/messages?seqs=1&before=3`,
        `/rooms/${room}/messages?seqs=${Array.from({ length: 101 }, (_, i) => i).join()}`,
      ])
        expect((await api.refused('GET', path, { token: ann.token })).status, path).to.equal(400);
    });
  });
});
