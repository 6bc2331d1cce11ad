import { expect } from 'chai';
import type { EditHistory, LogPage, Message, MessagePage, Room } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('changing messages over REST', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let room: string;
  useScene((scene) => ({ api, other, ann, bob, eve } = scene));
  beforeEach(async () => {
    const body = { type: 'group', name: 'Changes', members: [bob.id] };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });

  let sent = 0;
  const send = async (by: Account, text = 'first'): Promise<Message> => {
    const body = { clientId: `c${++sent}`, text };
    return (await api.call<Message>('POST', `/rooms/${room}/messages`, { token: by.token, body })).body;
  };
  const at = ({ seq }: Message): string => `/rooms/${room}/messages/${seq}`;
  const edit = (by: Account, message: Message, text: string, node = api) =>
    node.call<Message>('PATCH', at(message), { token: by.token, body: { text } });
  const remove = (by: Account, message: Message, node = api) =>
    node.call<Message>('DELETE', at(message), { token: by.token });
  const react = (by: Account, message: Message, emoji: string, method = 'PUT', node = api) =>
    node.call<Message>(method, `${at(message)}/reactions/${encodeURIComponent(emoji)}`, { token: by.token });
  const newest = async (by: Account, node = other): Promise<readonly Message[]> =>
    (await node.call<MessagePage>('GET', `/rooms/${room}/messages`, { token: by.token })).body.messages;
  const mine = async (by: Account, node = other): Promise<Room> => {
    const { body } = await node.call<{ rooms: readonly Room[] }>('GET', '/rooms', { token: by.token });
    return body.rooms.find(({ id }) => id === room) as Room;
  };

  describe('edits', () => {
    const versions = async (message: Message, by = bob, node = other): Promise<readonly string[]> => {
      const path = `${at(message)}/edits`;
      const { status, body } = await node.call<EditHistory>('GET', path, { token: by.token });
      expect(status).to.equal(200);
      return body.versions.map(({ text }) => text);
    };

    it('leave what the message said before to be read by every member, the oldest first', async () => {
      const message = await send(ann);
      expect(await versions(message)).to.deep.equal(['first']);
      await edit(ann, message, 'second');
      await react(bob, message, '👍');
      await edit(ann, message, 'third');
      expect(await versions(message)).to.deep.equal(['first', 'second', 'third']);
      const { body } = await other.call<EditHistory>('GET', `${at(message)}/edits`, { token: bob.token });
      expect(body.complete).to.equal(true);
      expect(body.versions[0]?.at).to.equal(message.at);
    });

    it('are told of up to fifty, the last ones', async () => {
      const message = await send(ann);
      for (let i = 1; i <= 51; i += 1) await edit(ann, message, `as ${i}`);
      const { body } = await other.call<EditHistory>('GET', `${at(message)}/edits`, { token: bob.token });
      expect(body.complete).to.equal(false);
      expect(body.versions).to.have.length(50);
      expect([body.versions[0]?.text, body.versions.at(-1)?.text]).to.deep.equal(['as 2', 'as 51']);
    });

    it('leave nothing of a deleted message, nor of a notice, and tell strangers nothing', async () => {
      const message = await send(ann, 'a secret');
      await edit(ann, message, 'no secret');
      expect((await api.refused('GET', `${at(message)}/edits`, { token: eve.token })).code).to.equal(
        'not_found',
      );
      expect(
        (await api.refused('GET', `/rooms/${room}/messages/999/edits`, { token: ann.token })).code,
      ).to.equal('not_found');
      await remove(ann, message);
      expect(await versions(message)).to.deep.equal([]);
      const [notice] = await newest(ann);
      expect(notice?.kind).to.equal('notice');
      expect(await versions(notice as Message)).to.deep.equal([]);
    });

    it('change the sender’s own text, under the next number of the log', async () => {
      const message = await send(ann);
      const { status, body } = await edit(ann, message, 'second');
      expect(status).to.equal(200);
      expect(body).to.deep.include({
        seq: message.seq,
        id: message.id,
        text: 'second',
        clientId: message.clientId,
      });
      expect(body.rev).to.be.above(message.seq);
      expect(body.editedAt).to.be.a('string');
      expect((await newest(bob)).at(-1)).to.deep.equal(body);
      const path = `/rooms/${room}/log?after=${message.seq}`;
      const log = (await other.call<LogPage>('GET', path, { token: bob.token })).body;
      expect(log).to.deep.equal({ messages: [], changed: [body], to: body.rev, head: body.rev });
    });

    it('with the same text change nothing', async () => {
      const message = await send(ann);
      expect((await edit(ann, message, 'first')).body).to.deep.equal(message);
    });

    it('are refused to others, admins too, and without a proper text', async () => {
      const message = await send(bob);
      expect((await edit(ann, message, 'mine')).status).to.equal(403);
      expect((await edit(eve, message, 'mine')).status).to.equal(404);
      for (const body of [
        {},
        { text: '' },
        { text: 'x'.repeat(8_001) },
        { text: 'a\0b' },
        { text: 'a', by: 'x' },
      ])
        expect((await api.call('PATCH', at(message), { token: bob.token, body })).status).to.equal(400);
      expect((await newest(ann)).at(-1)).to.deep.equal(message);
    });

    it('of what is no message are refused', async () => {
      const message = await send(ann);
      await edit(ann, message, 'second');
      const [notice] = await newest(ann);
      expect((await edit(ann, notice as Message, 'x')).status).to.equal(403);
      for (const seq of [message.seq + 1, 999])
        expect((await edit(ann, { ...message, seq }, 'x')).status).to.equal(404);
      const answer = await api.call('PATCH', `/rooms/${room}/messages/0`, {
        token: ann.token,
        body: { text: 'x' },
      });
      expect(answer.status).to.equal(400);
    });
  });

  describe('deletes', () => {
    it('leave a tombstone without text, mentions and reactions', async () => {
      const message = await send(ann);
      await react(bob, message, '👍');
      await edit(ann, message, 'second');
      const { status, body } = await remove(ann, message, other);
      expect(status).to.equal(200);
      expect(body).to.deep.include({ seq: message.seq, text: '', clientId: message.clientId });
      expect(body.deletedAt).to.be.a('string');
      expect(body).to.not.have.any.keys('reactions', 'mentions', 'attachments');
      expect((await newest(bob)).at(-1)).to.deep.equal(body);
    });

    it('may be repeated', async () => {
      const message = await send(ann);
      const first = await remove(ann, message);
      expect(await remove(ann, message, other).then(({ status, body }) => ({ status, body }))).to.deep.equal({
        status: 200,
        body: first.body,
      });
    });

    it('are for the sender, the owner and admins', async () => {
      const [hers, his] = [await send(ann), await send(bob)];
      expect((await remove(bob, hers)).status).to.equal(403);
      expect((await remove(ann, his)).status).to.equal(200);
      expect((await remove(eve, hers)).status).to.equal(404);
    });

    it('end editing and reacting', async () => {
      const message = await send(ann);
      await remove(ann, message);
      expect((await edit(ann, message, 'again')).status).to.equal(409);
      expect((await react(bob, message, '👍')).status).to.equal(409);
    });

    it('keep the clientId taken: the same send gives the tombstone', async () => {
      const message = await send(ann);
      await remove(ann, message);
      const body = { clientId: message.clientId, text: 'first' };
      const again = await other.call<Message>('POST', `/rooms/${room}/messages`, { token: ann.token, body });
      expect(again.status).to.equal(200);
      expect(again.body).to.deep.include({ id: message.id, seq: message.seq, text: '' });
    });

    it('take a message out of the unread count and the room’s last message', async () => {
      const message = await send(ann, 'to be forgotten');
      await send(ann, 'stays');
      expect((await mine(bob)).me.unread).to.equal(2);
      await remove(ann, message);
      expect((await mine(bob)).me.unread).to.equal(1);
      const last = await send(ann, 'secret');
      await remove(ann, last);
      expect((await mine(bob)).lastMessage).to.deep.include({ seq: last.seq, text: '' });
    });
  });

  describe('reactions', () => {
    it('count who reacted with what, the latest last', async () => {
      const message = await send(ann);
      await react(bob, message, '👍');
      await react(ann, message, '❤️', 'PUT', other);
      const { body } = await react(ann, message, '👍');
      expect(body.reactions).to.deep.equal({
        '👍': { count: 2, users: [bob.id, ann.id] },
        '❤️': { count: 1, users: [ann.id] },
      });
      expect((await newest(bob)).at(-1)).to.deep.equal(body);
    });

    it('may be repeated, and taken back', async () => {
      const message = await send(ann);
      const first = (await react(bob, message, '👍')).body;
      expect((await react(bob, message, '👍')).body).to.deep.equal(first);
      const none = (await react(bob, message, '👍', 'DELETE')).body;
      expect(none).to.not.have.property('reactions');
      expect((await react(bob, message, '👍', 'DELETE', other)).body).to.deep.equal(none);
    });

    it('of many people at once through two nodes all count', async () => {
      const message = await send(ann);
      const emojis = ['👍', '🎉', '😀', '🚀', '👀'];
      await Promise.all(
        [ann, bob].flatMap((by) =>
          emojis.map((emoji, i) => react(by, message, emoji, 'PUT', i % 2 === 0 ? api : other)),
        ),
      );
      const stored = (await newest(bob)).at(-1);
      expect(Object.values(stored?.reactions ?? {}).map(({ count }) => count)).to.deep.equal([2, 2, 2, 2, 2]);
    });

    it('are emojis, at most 20 different ones, from members', async () => {
      const message = await send(ann);
      for (const emoji of ['x', '1', 'ab', '👍👍', '<b>', ' '])
        expect((await react(ann, message, emoji)).status, emoji).to.equal(400);
      expect((await react(eve, message, '👍')).status).to.equal(404);
      const many = Array.from({ length: 21 }, (_, i) => String.fromCodePoint(0x1f600 + i));
      const answers = [];
      for (const emoji of many) answers.push((await react(ann, message, emoji)).status);
      expect(answers).to.deep.equal([...Array<number>(20).fill(200), 400]);
      expect((await react(bob, message, many[0] ?? '')).status).to.equal(200);
    });

    for (const emoji of ['👩‍👩‍👧', '🇩🇪', '1️⃣', '✌🏽', '❤', '☺'])
      it(`may be ${emoji}`, async () => {
        expect((await react(ann, await send(ann), emoji)).status).to.equal(200);
      });
  });
});
