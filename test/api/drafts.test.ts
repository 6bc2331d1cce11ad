import { expect } from 'chai';
import { mongo } from 'mongoose';
import type {
  Draft,
  DraftList,
  Message,
  MessagePage,
  Problem,
  Room,
  Scheduled,
  ScheduledList,
} from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('what is written and not yet sent', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let room: string;
  let client: mongo.MongoClient;
  useScene((scene) => {
    ({ api, other, ann, bob, eve } = scene);
    client = new mongo.MongoClient(scene.servers.mongodbUrl);
  });
  after(() => client?.close());
  beforeEach(async () => {
    const body = { type: 'group', name: 'Writing', members: [bob.id] };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });

  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  let written = 0;
  const newest = async (by: Account, query = ''): Promise<MessagePage['messages']> =>
    (await other.call<MessagePage>('GET', `/rooms/${room}/messages${query}`, { token: by.token })).body
      .messages;
  const texts = async (): Promise<readonly string[]> =>
    (await newest(bob)).filter(({ kind }) => kind === 'text').map(({ text }) => text);

  describe('drafts', () => {
    const put = (by: Account, body: unknown) =>
      api.call<Draft & Problem>('PUT', `/rooms/${room}/draft`, { token: by.token, body });
    const drafts = async (by: Account): Promise<DraftList['drafts']> =>
      (await other.call<DraftList>('GET', '/drafts', { token: by.token })).body.drafts;
    const here = async (by: Account): Promise<Draft | undefined> =>
      (await drafts(by)).find((draft) => draft.room === room);
    const all = async (by: Account): Promise<DraftList['drafts']> =>
      (await drafts(by)).filter((draft) => draft.room === room);
    const rows = (): Promise<number> =>
      client
        .db()
        .collection('threadDrafts')
        .countDocuments({ room: new mongo.ObjectId(room) });
    const say = async (by: Account, text: string, more: object = {}): Promise<number> => {
      const body = { clientId: `d${++written}`, text, ...more };
      return (await api.call<Message>('POST', `/rooms/${room}/messages`, { token: by.token, body })).body.seq;
    };

    it('are kept by room, the last writer’s, and only for who wrote them', async () => {
      const first = await put(ann, { text: 'Dear' });
      expect(first.status).to.equal(200);
      const { body } = await put(ann, { text: 'Dear all', replyTo: 1 });
      expect(body).to.include({ room, text: 'Dear all', replyTo: 1 });
      expect(body.v).to.be.above(first.body.v);
      expect(await here(ann)).to.deep.equal(body);
      expect(await here(bob)).to.equal(undefined);
    });

    it('end with an empty text, and what follows is newer still', async () => {
      const { body: before } = await put(ann, { text: 'no', replyTo: 2 });
      const { body: ended } = await put(ann, { text: '' });
      expect(await here(ann)).to.equal(undefined);
      const { body: again } = await put(ann, { text: 'yes' });
      expect(ended.v).to.be.above(before.v);
      expect(again.v).to.be.above(ended.v);
      expect(again).to.not.have.property('replyTo');
    });

    it('are refused to strangers and where they are no text', async () => {
      expect((await put(eve, { text: 'hi' })).status).to.equal(404);
      expect((await put(ann, { text: 'x'.repeat(8_001) })).body.code).to.equal('invalid');
      expect((await put(ann, { text: 1 })).status).to.equal(400);
      expect((await put(ann, {})).status).to.equal(400);
      expect((await api.call('PUT', `/rooms/${room}/draft`, { body: { text: 'a' } })).status).to.equal(401);
      expect(await here(ann)).to.equal(undefined);
    });

    it('of threads stand beside the room’s, each with a version of its own', async () => {
      const [first, second] = [await say(ann, 'one'), await say(bob, 'two')];
      const { body: own } = await put(ann, { text: 'to all' });
      const { body: a } = await put(ann, { text: 'to one', thread: first, replyTo: first });
      const { body: b } = await put(ann, { text: 'to two', thread: second });
      expect(a).to.include({ room, thread: first, text: 'to one', replyTo: first });
      expect(own).to.not.have.property('thread');
      expect(await all(ann)).to.have.deep.members([b, a, own]);
      expect(await all(bob)).to.deep.equal([]);
      const { body: again } = await put(ann, { text: 'to one, too', thread: first });
      expect(again.v).to.equal(a.v + 1);
      expect(again).to.not.have.property('replyTo');
      const { body: ended } = await put(ann, { text: '', thread: first });
      expect(ended.v).to.equal(a.v + 2);
      expect(await all(ann)).to.have.deep.members([b, own]);
    });

    it('of one thread, begun on two devices at once, are one', async () => {
      const thread = await say(ann, 'root');
      const both = await Promise.all(['x', 'y'].map((text) => put(ann, { text, thread })));
      expect(both.map(({ status }) => status)).to.deep.equal([200, 200]);
      const last = both.map(({ body }) => body).reduce((a, b) => (a.v > b.v ? a : b));
      expect(await all(ann)).to.deep.equal([last]);
    });

    it('of threads are at most two hundred; the oldest go first', async () => {
      const user = new mongo.ObjectId(ann.id);
      const older = Array.from({ length: 250 }, (_, i) => ({
        ...{ user, room: new mongo.ObjectId(room), thread: 1_000 + i },
        ...{ text: 'old', v: 1, at: new Date(i) },
      }));
      await client.db().collection('threadDrafts').insertMany(older);
      const { body: latest } = await put(ann, { text: 'new', thread: await say(ann, 'root') });
      expect(await client.db().collection('threadDrafts').countDocuments({ user })).to.equal(200);
      const kept = await all(ann);
      expect(kept[0]).to.deep.equal(latest);
      expect(kept.map(({ thread }) => thread)).to.not.include(1_000 + 50);
      expect(kept.at(-1)?.thread).to.be.above(1_000 + 50);
    });

    it('are refused where no thread can be', async () => {
      const root = await say(ann, 'root');
      const reply = await say(bob, 'reply', { thread: root });
      const refusals: readonly (readonly [Account, unknown, number])[] = [
        [eve, root, 404],
        [ann, reply + 10, 404],
        [ann, reply, 400],
        [ann, 0, 400],
        [ann, -1, 400],
        [ann, 1.5, 400],
        [ann, String(root), 400],
        [ann, null, 400],
        [ann, 2 ** 50, 400],
      ];
      for (const [by, thread, status] of refusals)
        expect((await put(by, { text: 'x', thread })).status, JSON.stringify(thread)).to.equal(status);
      expect((await put(ann, { text: 'x'.repeat(8_001), thread: root })).status).to.equal(400);
      expect(await all(ann)).to.deep.equal([]);
    });

    it('of threads end with the membership, and with the room', async () => {
      const thread = await say(ann, 'root');
      for (const by of [ann, bob]) await put(by, { text: 'mine', thread });
      await api.call('POST', `/rooms/${room}/leave`, { token: bob.token });
      expect(await all(bob)).to.deep.equal([]);
      expect((await put(bob, { text: 'again', thread })).status).to.equal(404);
      expect(await rows()).to.equal(2);
      await api.call('DELETE', `/rooms/${room}`, { token: ann.token });
      expect(await all(ann)).to.deep.equal([]);
      expect(await rows()).to.equal(0);
    });

    it('are not shown to who left the room', async () => {
      await put(bob, { text: 'mine' });
      await api.call('POST', `/rooms/${room}/leave`, { token: bob.token });
      expect(await here(bob)).to.equal(undefined);
    });
  });

  describe('scheduled messages', () => {
    const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const schedule = (by: Account, more: object = {}) =>
      api.call<Scheduled & Problem>('POST', `/rooms/${room}/scheduled`, {
        token: by.token,
        body: { clientId: `s${++written}`, text: 'later', at: soon(3_600_000), ...more },
      });
    const waiting = async (by: Account): Promise<ScheduledList['scheduled']> =>
      (await other.call<ScheduledList>('GET', '/scheduled', { token: by.token })).body.scheduled.filter(
        (message) => message.room === room,
      );
    const send = (by: Account, text: string, more: object = {}) =>
      api.call<Message & Problem>('POST', `/rooms/${room}/messages`, {
        token: by.token,
        body: { clientId: `n${++written}`, text, ...more },
      });
    const patch = (by: Account, id: string, body: object) =>
      other.call<Scheduled & Problem>('PATCH', `/scheduled/${id}`, { token: by.token, body });
    const remove = (by: Account, id: string) => other.call('DELETE', `/scheduled/${id}`, { token: by.token });

    it('are sent when their time has come, once, although two nodes look for them', async () => {
      await schedule(ann, { text: 'second', at: soon(1_500) });
      await schedule(ann, { text: 'first', at: soon(300) });
      await until(async () => (await waiting(ann)).length === 0);
      expect(await texts()).to.deep.equal(['first', 'second']);
    });

    it('can be read, changed and taken back by their writer until then', async () => {
      const { status, body } = await schedule(ann);
      expect(status).to.equal(201);
      expect(await waiting(ann)).to.deep.equal([body]);
      const { body: changed } = await patch(ann, body.id, { text: 'much later', at: soon(7_200_000) });
      expect(changed).to.deep.equal({ ...body, text: 'much later', at: changed.at });
      expect((await remove(ann, body.id)).status).to.equal(204);
      expect(await waiting(ann)).to.deep.equal([]);
      expect((await remove(ann, body.id)).status).to.equal(404);
    });

    it('are nobody else’s business', async () => {
      const { body } = await schedule(ann);
      expect(await waiting(bob)).to.deep.equal([]);
      expect((await patch(bob, body.id, { text: 'x' })).status).to.equal(404);
      expect((await remove(bob, body.id)).status).to.equal(404);
      expect((await schedule(eve)).status).to.equal(404);
      expect(await waiting(ann)).to.deep.equal([body]);
    });

    it('are the first ones where a clientId comes again', async () => {
      const { body } = await schedule(ann, { clientId: 'same' });
      expect((await schedule(ann, { clientId: 'same', text: 'other' })).body).to.deep.equal(body);
    });

    it('into a thread stand there, listed with it', async () => {
      const root = (await send(bob, 'root')).body.seq;
      const { status, body } = await schedule(ann, { thread: root, replyTo: root });
      expect(status).to.equal(201);
      expect(body).to.include({ thread: root, replyTo: root });
      expect(await waiting(ann)).to.deep.equal([body]);
      await patch(ann, body.id, { text: 'reply', at: soon(300) });
      await until(async () => (await waiting(ann)).length === 0);
      const [first, reply] = (await newest(bob, `?thread=${root}`)).filter(({ kind }) => kind === 'text');
      expect(first).to.include({ seq: root, replies: 1 });
      expect(reply).to.include({ text: 'reply', thread: root, replyTo: root });
    });

    it('into what is no thread are refused as a send is', async () => {
      const root = (await send(bob, 'root')).body.seq;
      const inThread = (await send(bob, 'reply', { thread: root })).body.seq;
      for (const wrong of [
        ...[inThread, inThread + 50, 0, -1, 1.5, String(root), null, 2 ** 50].map((thread) => ({ thread })),
        { replyTo: inThread + 50 },
        { thread: root, replyTo: inThread + 50 },
      ]) {
        const { status, body } = await schedule(ann, wrong);
        const sent = await send(ann, 'now', wrong);
        expect([status, body.code], JSON.stringify(wrong)).to.deep.equal([sent.status, sent.body.code]);
        expect(status).to.be.oneOf([400, 404]);
      }
      expect((await schedule(eve, { thread: root })).status).to.equal(404);
      expect(await waiting(ann)).to.deep.equal([]);
    });

    it('into a thread that is gone by their time say so', async () => {
      const root = (await send(bob, 'root')).body.seq;
      const { body } = await schedule(ann, { thread: root });
      const row = { _id: new mongo.ObjectId(body.id) };
      await client
        .db()
        .collection('scheduled')
        .updateOne(row, { $set: { thread: root + 1_000 } });
      await patch(ann, body.id, { at: soon(200) });
      await until(async () => (await waiting(ann))[0]?.failed !== undefined);
      expect((await waiting(ann))[0]?.failed).to.include('message to reply to');
      expect(await texts()).to.deep.equal(['root']);
    });

    it('need a text and a time within a year', async () => {
      for (const wrong of [
        { at: soon(-1_000) },
        { at: soon(400 * 24 * 3_600_000) },
        { at: 'tomorrow' },
        { at: 5 },
        { text: '' },
        { clientId: '' },
      ])
        expect((await schedule(ann, wrong)).body.code, JSON.stringify(wrong)).to.equal('invalid');
      const { body } = await schedule(ann);
      expect((await patch(ann, body.id, {})).status).to.equal(400);
      expect((await patch(ann, body.id, { at: soon(-1) })).status).to.equal(400);
      expect((await patch(ann, 'nonsense', { text: 'a' })).status).to.equal(400);
    });

    it('say why they could not be sent, and go again when they are changed', async () => {
      const { body } = await schedule(bob, { text: 'hello', at: soon(700) });
      await api.call('POST', `/rooms/${room}/leave`, { token: bob.token });
      await until(async () => (await waiting(bob))[0]?.failed !== undefined);
      expect((await waiting(bob))[0]?.failed).to.include('room');
      await api.call('POST', `/rooms/${room}/members`, { token: ann.token, body: { users: [bob.id] } });
      const { body: changed } = await patch(bob, body.id, { at: soon(300) });
      expect(changed).to.not.have.property('failed');
      await until(async () => (await waiting(bob)).length === 0);
      expect(await texts()).to.deep.equal(['hello']);
    });
  });
});
