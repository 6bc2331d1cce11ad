import { expect } from 'chai';
import type { Message, MessagePage, Room } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('quotes and forwarding over REST', () => {
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
  const createRoom = async (name = 'Quotes'): Promise<string> => {
    const body = { type: 'group', name, members: [bob.id, cid.id] };
    return (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  };
  beforeEach(async () => {
    room = await createRoom();
  });

  let sent = 0;
  const post = (by: Account, more: object, to = room) =>
    api.call<Message>('POST', `/rooms/${to}/messages`, {
      token: by.token,
      body: { clientId: `c${++sent}`, text: 'words', ...more },
    });
  const send = async (by: Account, more: object = {}): Promise<Message> => {
    const { status, body } = await post(by, more);
    expect(status, JSON.stringify(body)).to.equal(201);
    return body;
  };
  const get = async <T>(by: Account, path: string): Promise<T> => {
    const { status, body } = await other.call<T>('GET', path, { token: by.token });
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  };

  describe('quotes', () => {
    it('name a message of the room, which is read by its number as it now stands', async () => {
      const [original, gone] = [await send(ann, { text: 'first' }), await send(ann)];
      const quote = await send(bob, { replyTo: original.seq });
      expect(quote).to.deep.include({ replyTo: original.seq });
      await api.call('DELETE', `/rooms/${room}/messages/${gone.seq}`, { token: ann.token });
      const path = `/rooms/${room}/messages?seqs=${original.seq},${gone.seq},${quote.seq + 50}`;
      const { messages, complete } = await get<MessagePage>(bob, path);
      expect(messages.map(({ seq, text }) => [seq, text])).to.deep.equal([
        [original.seq, 'first'],
        [gone.seq, ''],
      ]);
      expect(complete).to.deep.equal([1, 0]);
    });

    it('of what is not there are refused', async () => {
      expect((await post(ann, { replyTo: 4_000 })).status).to.equal(404);
    });
  });

  describe('forwarding', () => {
    it('takes the text over, with its author’s name and nothing of the room', async () => {
      const secret = await createRoom('Layoffs');
      const { body: original } = await post(bob, { text: 'We meet at nine.' }, secret);
      const { status, body } = await post(ann, { text: '', forward: { room: secret, seq: original.seq } });
      expect(status).to.equal(201);
      expect(body).to.deep.include({ room, text: 'We meet at nine.', kind: 'text' });
      expect(body.sender.id).to.equal(ann.id);
      expect(body.forwardedFrom).to.deep.equal({ sender: original.sender });
      expect(JSON.stringify(body)).to.not.include(secret).and.not.include('Layoffs');
      expect((await get<MessagePage>(cid, `/rooms/${room}/messages`)).messages.at(-1)).to.deep.equal(body);
    });

    it('on and on names who wrote it first', async () => {
      const original = await send(bob, { text: 'mine' });
      const once = await send(ann, { text: '', forward: { room, seq: original.seq } });
      const twice = await send(cid, { text: '', forward: { room, seq: once.seq } });
      expect(twice.forwardedFrom?.sender.id).to.equal(bob.id);
    });

    it('refuses what one may not read, what is gone, and what is no text', async () => {
      const original = await send(bob);
      const { body: hers } = await api.call<Room>('POST', '/rooms', {
        token: eve.token,
        body: { type: 'group', name: 'Hers' },
      });
      const forward = { room, seq: original.seq };
      expect((await post(eve, { text: '', forward }, hers.id)).status).to.equal(404);
      await api.call('DELETE', `/rooms/${room}/messages/${original.seq}`, { token: bob.token });
      expect((await post(ann, { text: '', forward })).status).to.equal(404);
      expect((await post(ann, { text: '', forward: { room, seq: 1 } })).status, 'a notice').to.equal(404);
      expect((await post(ann, { text: '', forward: { room, seq: 4_000 } })).status).to.equal(404);
      for (const bad of [{ room }, { seq: 1 }, { room: 'x', seq: 1 }, { room, seq: 0 }, {}])
        expect((await post(ann, { text: '', forward: bad })).status).to.equal(400);
      expect((await post(ann, { text: 'and mine', forward })).status).to.equal(400);
      expect((await post(ann, { text: '' })).status).to.equal(400);
    });

    it('gives words that cannot be edited, only deleted', async () => {
      const original = await send(bob, { text: 'mine' });
      const copy = await send(ann, { text: '', forward: { room, seq: original.seq } });
      const path = `/rooms/${room}/messages/${copy.seq}`;
      const refused = await api.refused('PATCH', path, { token: ann.token, body: { text: 'twisted' } });
      expect(refused.status).to.equal(403);
      const { body } = await api.call<Message>('DELETE', path, { token: ann.token });
      expect(body).to.not.have.any.keys('forwardedFrom');
    });
  });
});
