import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { MessageDraft } from '../../shared/wire/protocol.ts';
import type { Message, ThreadList } from '../../shared/wire/rest.ts';
import type { Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('threads, quotes and forwarding over the socket', function () {
  this.timeout(180_000);
  const on = useCluster();
  let ann: Person;
  let bob: Person;
  let cleo: Person;
  let room: string;
  let root: Message;

  type Draft = Partial<MessageDraft> & { room?: string };
  const post = (socket: RawSocket, draft: Draft): string => {
    const clientId = randomUUID();
    socket.ws.send(JSON.stringify({ type: 'send', clientId, room, text: '', ...draft }));
    return clientId;
  };
  const send = async (socket: RawSocket, draft: Draft): Promise<number> => {
    const clientId = post(socket, draft);
    return (await socket.next('ack', (frame) => frame.clientId === clientId)).seq;
  };
  const refused = async (socket: RawSocket, draft: Draft): Promise<string> => {
    const clientId = post(socket, draft);
    const error = await socket.next('error', (frame) => frame.clientId === clientId);
    expect(error.retry).to.equal(false);
    return error.code;
  };

  before(async () => {
    [ann, bob, cleo] = await on.people('ann', 'bob', 'cleo');
  });
  beforeEach(async () => {
    room = (await ann.createRoom({ type: 'group', name: 'Branches', members: [bob.id] })).id;
    root = await ann.say(room, 'the root');
  });

  it('arrive live with all they say, on the other gateway', async () => {
    const [a, b] = [await on.connect(ann, 0), await on.connect(bob, 1)];
    const reply = await send(a, { text: 'in the thread', thread: root.seq });
    const quote = await send(a, { text: 'an answer', replyTo: root.seq });
    const both = await send(a, { text: 'an answer in the thread', thread: root.seq, replyTo: reply });
    const copy = await send(a, { forward: { room, seq: root.seq } });
    const arrived = (seq: number) => b.next('message', (frame) => frame.seq === seq);
    expect(await arrived(reply)).to.deep.include({ text: 'in the thread', thread: root.seq });
    expect(await arrived(quote)).to.deep.include({ text: 'an answer', replyTo: root.seq });
    expect(await arrived(both)).to.deep.include({ thread: root.seq, replyTo: reply });
    const forwarded = await arrived(copy);
    expect(forwarded).to.deep.include({ text: 'the root', forwardedFrom: { sender: root.sender } });
    expect(forwarded).to.not.have.any.keys('thread', 'replyTo');
  });

  it('are replayed to who was away, on the other gateway, and count in the thread, not in the room', async () => {
    const a = await on.connect(ann, 0);
    const before = await on.connect(bob, 0);
    before.close();
    await before.closed;
    await bob.call('POST', `/rooms/${room}/read`, { seq: root.seq });
    await bob.call('PUT', `/rooms/${room}/threads/${root.seq}/follow`);
    const reply = await send(a, { text: 'while you were away', thread: root.seq });
    const quote = await send(a, { text: 'and this', replyTo: root.seq });
    const copy = await send(a, { forward: { room, seq: root.seq } });
    const b = await on.connect(bob, 1, { [room]: root.seq });
    await b.next('message', (frame) => frame.seq === copy);
    const missed = new Map(b.all('message').map((frame) => [frame.seq, frame]));
    expect(missed.get(reply)).to.deep.include({ thread: root.seq, text: 'while you were away' });
    expect(missed.get(quote)).to.deep.include({ replyTo: root.seq });
    expect(missed.get(copy)?.forwardedFrom).to.deep.equal({ sender: root.sender });
    const { me } = await bob.call<{ me: { unread: number } }>('GET', `/rooms/${room}`);
    expect(me.unread, 'of the room: the quote and the copy').to.equal(2);
    let unread = 0;
    while (unread === 0) {
      const { threads } = await bob.call<ThreadList>('GET', '/threads?following');
      unread = threads.find((thread) => thread.message.id === root.id)?.unread ?? 0;
    }
    expect(unread, 'of the thread').to.equal(1);
  });

  it('of a room are forwarded to another, without a word of where they come from', async () => {
    const secret = (await ann.createRoom({ type: 'group', name: 'Layoffs', members: [] })).id;
    const { seq } = await ann.say(secret, 'We meet at nine.');
    const [a, b] = [await on.connect(ann, 0), await on.connect(bob, 1)];
    const copy = await send(a, { forward: { room: secret, seq } });
    const frame = await b.next('message', (message) => message.seq === copy);
    expect(frame.text).to.equal('We meet at nine.');
    expect(JSON.stringify(frame)).to.not.include(secret).and.not.include('Layoffs');
  });

  it('are refused where they lead to nothing, and store nothing', async () => {
    const [a, c] = [await on.connect(ann, 0), await on.connect(cleo, 1)];
    const reply = await send(a, { text: 'a reply', thread: root.seq });
    const gone = await ann.say(room, 'soon gone');
    await ann.call('DELETE', `/rooms/${room}/messages/${gone.seq}`);
    const hers = (await cleo.createRoom({ type: 'group', name: 'Hers', members: [] })).id;
    const secret = await cleo.say(hers, 'not yours');
    const count = async (): Promise<number> => (await ann.history(room)).messages.length;
    const before = await count();

    expect(await refused(a, { text: 'x', thread: reply }), 'a thread in a thread').to.equal('invalid');
    expect(await refused(a, { text: 'x', thread: 9_000 })).to.equal('not_found');
    expect(await refused(a, { text: 'x', replyTo: 9_000 })).to.equal('not_found');
    expect(await refused(a, { forward: { room, seq: 9_000 } })).to.equal('not_found');
    expect(await refused(a, { forward: { room, seq: 1 } }), 'a notice').to.equal('not_found');
    expect(await refused(a, { forward: { room, seq: gone.seq } }), 'deleted').to.equal('not_found');
    expect(await refused(a, { forward: { room: hers, seq: secret.seq } }), 'of others').to.equal('not_found');
    expect(await refused(a, { text: 'and mine', forward: { room, seq: root.seq } })).to.equal('invalid');
    for (const bad of [{ room }, { seq: 1 }, { room: 'x', seq: 1 }, { room, seq: 0 }, {}, 7, null])
      expect(await refused(a, { forward: bad } as unknown as Draft), JSON.stringify(bad)).to.equal('invalid');
    for (const bad of [0, -1, 1.5, '1', null, {}]) {
      expect(await refused(a, { text: 'x', thread: bad } as unknown as Draft)).to.equal('invalid');
      expect(await refused(a, { text: 'x', replyTo: bad } as unknown as Draft)).to.equal('invalid');
    }
    for (const draft of [{ thread: root.seq }, { replyTo: root.seq }])
      expect(await refused(c, { text: 'a stranger', ...draft })).to.equal('not_found');
    expect(await refused(c, { room: hers, forward: { room, seq: root.seq } }), 'by a stranger').to.equal(
      'not_found',
    );
    expect(await count()).to.equal(before);
  });
});
