import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { call, type Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { sayMany } from '../support/say-many.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('a cluster of two API nodes and two gateways behind NGINX', function () {
  this.timeout(180_000);
  const on = useCluster('rough');
  let ann: Person;
  let bob: Person;
  let room: string;

  beforeEach(async () => {
    [ann, bob] = await on.people('ann', 'bob');
    room = (await ann.createRoom({ type: 'group', name: 'Two', members: [bob.id] })).id;
  });

  it('delivers between users on different gateways, in one order', async () => {
    const a = await on.connect(ann, 0);
    const b = await on.connect(bob, 1);
    for (let i = 0; i < 20; i++) {
      const [from, name] = i % 2 === 0 ? [a, 'ann'] : [b, 'bob'];
      from.send({ type: 'send', clientId: `${name}-${i}`, room, text: `message ${i}` });
      await from.next('ack', (frame) => frame.clientId === `${name}-${i}`);
    }
    const last = (frame: { text: string }): boolean => frame.text === 'message 19';
    await Promise.all([a.next('message', last), b.next('message', last)]);
    const texts = (socket: RawSocket): string[] =>
      socket
        .all('message')
        .filter((frame) => frame.kind === 'text')
        .sort((x, y) => x.seq - y.seq)
        .map((frame) => frame.text);
    const expected = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    expect(texts(a)).to.deep.equal(expected);
    expect(texts(b)).to.deep.equal(expected);
  });

  it('gives every device of a user everything, the sending one included', async () => {
    const devices = [
      await on.connect(ann, 0),
      await on.connect(ann, 1),
      await on.connect(ann, on.parley.place.origin),
    ];
    devices[0]!.send({ type: 'send', clientId: 'd1', room, text: 'from one of three' });
    const frames = await Promise.all(
      devices.map((device) => device.next('message', (frame) => frame.text === 'from one of three')),
    );
    expect(new Set(frames.map(({ seq }) => seq)).size).to.equal(1);
    await devices[0]!.next('ack', (frame) => frame.clientId === 'd1');
  });

  it('delivers through NGINX and TLS what was sent over REST', async () => {
    const b = await on.connect(bob, on.parley.place.origin);
    const sent = await ann.say(room, 'over REST');
    expect(await b.next('message', (frame) => frame.text === 'over REST')).to.include({
      seq: sent.seq,
      id: sent.id,
    });
  });

  it('returns the first message for a clientId used again, on any node and either way', async () => {
    const first = await ann.say(room, 'the first body', 'same');
    const again = await Promise.all(
      [0, 1].map((n) =>
        call<{ seq: number; text: string }>({ origin: on.parley.api(n) }, 'POST', `/rooms/${room}/messages`, {
          token: ann.token,
          body: { clientId: 'same', text: 'another body' },
        }),
      ),
    );
    for (const { status, body } of again) {
      expect(status).to.equal(200);
      expect(body).to.include({ seq: first.seq, text: 'the first body' });
    }
    const a = await on.connect(ann, 1);
    a.send({ type: 'send', clientId: 'same', room, text: 'a third body' });
    expect(await a.next('ack', (frame) => frame.clientId === 'same')).to.include({
      seq: first.seq,
      id: first.id,
    });
  });

  it('replays what was missed to a socket that comes back on the other gateway', async () => {
    const b = await on.connect(bob, 0);
    const seen = (await ann.say(room, 'seen')).seq;
    await b.next('message', (frame) => frame.seq === seen);
    b.close();
    await b.closed;
    for (let i = 0; i < 5; i++) await ann.say(room, `missed ${i}`);
    const back = await on.connect(bob, 1, { [room]: seen });
    await back.next('message', (frame) => frame.text === 'missed 4');
    const missed = back.all('message').map((frame) => frame.text);
    expect(missed).to.include.members(['missed 0', 'missed 1', 'missed 2', 'missed 3', 'missed 4']);
    expect(missed).to.not.include('seen');
  });

  it('tells of a gap too wide to replay, thousands of messages, which the log then fills', async () => {
    const from = (await ann.say(room, 'before')).seq;
    const many = Array.from({ length: 3_000 }, (_, i) => `many ${i}`);
    await sayMany(
      on.parley,
      room,
      many.map((text) => ({ by: ann, text })),
    );
    const b = await on.connect(bob, 1, { [room]: from });
    const gap = await b.next('gap', (frame) => frame.room === room);
    expect(gap.from).to.equal(from + 1);
    const texts: string[] = [];
    for (let after = from; ;) {
      const page = await bob.call<{ messages: { text: string }[]; to: number; head: number }>(
        'GET',
        `/rooms/${room}/log?after=${after}`,
      );
      texts.push(...page.messages.map(({ text }) => text));
      after = page.to;
      if (page.to >= page.head) break;
    }
    expect(texts).to.have.members(many);
  });

  it('adds a member to a live socket, and takes a removed one out', async () => {
    const carl = await on.parley.register('carl');
    const c = await on.connect(carl, 1);
    await ann.call('POST', `/rooms/${room}/members`, { users: [carl.id] });
    const added = await c.next('room', (frame) => frame.room.id === room);
    expect(added.room).to.not.have.property('me');
    await ann.say(room, 'welcome');
    await c.next('message', (frame) => frame.text === 'welcome');
    await ann.call('DELETE', `/rooms/${room}/members/${carl.id}`);
    await c.next('room.removed', (frame) => frame.room === room);
    c.send({ type: 'send', clientId: 'late', room, text: 'still here?' });
    expect(await c.next('error', (frame) => frame.clientId === 'late')).to.include({
      retry: false,
      code: 'not_found',
    });
    const b = await on.connect(bob, 1);
    await ann.say(room, 'without carl');
    await b.next('message', (frame) => frame.text === 'without carl');
    expect(c.all('message').map((frame) => frame.text)).to.not.include('without carl');
  });

  it('tells who comes back of a room that changed meanwhile, by a higher v', async () => {
    const before = await on.connect(bob, 0);
    before.close();
    await before.closed;
    const renamed = await ann.call<{ v: number }>('PATCH', `/rooms/${room}`, { name: 'Three' });
    const socket = on.socket(bob, 1);
    const { rooms } = await socket.hello(bob.token);
    expect(rooms[room]?.[2]).to.equal(renamed.v);
  });

  it('opens a dm by itself for the other side', async () => {
    const b = await on.connect(bob, 1);
    const dm = await ann.createRoom({ type: 'dm', user: bob.username });
    expect((await b.next('room', (frame) => frame.room.id === dm.id)).room.type).to.equal('dm');
    await ann.say(dm.id, 'hello bob');
    await b.next('message', (frame) => frame.room === dm.id && frame.text === 'hello bob');
  });

  it('tells a reader’s other devices and the other members what was read', async () => {
    const [b1, b2, a] = [await on.connect(bob, 0), await on.connect(bob, 1), await on.connect(ann, 0)];
    const { seq } = await ann.say(room, 'read me');
    await b1.next('message', (frame) => frame.seq === seq);
    b1.send({ type: 'read', room, seq });
    const isIt = (frame: { user: string; seq: number }): boolean =>
      frame.user === bob.id && frame.seq === seq;
    await Promise.all([b2.next('read', isIt), a.next('read', isIt)]);
    const [mine] = (
      await bob.call<{ rooms: { id: string; me: { readSeq: number; unread: number } }[] }>('GET', '/rooms')
    ).rooms.filter(({ id }) => id === room);
    expect(mine?.me).to.include({ readSeq: seq, unread: 0 });
  });

  it('carries typing to the others', async () => {
    const [a, b] = [await on.connect(ann, 0), await on.connect(bob, 1)];
    a.send({ type: 'typing', room });
    expect(await b.next('typing', (frame) => frame.user === ann.id)).to.include({ room });
  });

  it('closes the sockets of a session that is logged out, on every gateway', async () => {
    const sockets = [await on.connect(ann, 0), await on.connect(ann, 1)];
    await ann.call('POST', '/auth/logout');
    for (const socket of sockets) expect((await socket.closed).code).to.equal(4401);
    expect((await ann.try('GET', '/users/me')).status).to.equal(401);
  });

  it('loses nothing when an API node is killed in the middle of sending', async () => {
    const a = await on.connect(ann, 0);
    const b = await on.connect(bob, 1);
    await sendThrough(a, () => on.parley.cluster.kill('api-1', 'SIGKILL'));
    await everythingArrives(b);
  });

  it('loses nothing when a gateway is killed: its clients come back elsewhere and resume', async () => {
    const a = await on.connect(ann, 0);
    const b = await on.connect(bob, 1);
    const { seq } = await ann.say(room, 'before the kill');
    await b.next('message', (frame) => frame.seq === seq);
    await on.parley.cluster.kill('gateway-2', 'SIGKILL');
    await b.closed;
    await sendThrough(a, async () => undefined);
    const back = await on.connect(bob, on.parley.place.origin, { [room]: seq });
    await everythingArrives(back);
  });

  it('goes on when Redis is killed: messages are stored, and delivered once it is back', async () => {
    const a = await on.connect(ann, 0);
    const b = await on.connect(bob, 1);
    await sendThrough(a, () => on.parley.cluster.kill('redis', 'SIGKILL'));
    await everythingArrives(b);
  });

  /** Thirty messages, a fault among them, each tried again with its clientId until it is acknowledged. */
  async function sendThrough(socket: RawSocket, fault: () => Promise<void>): Promise<void> {
    for (let i = 0; i < 30; i++) {
      if (i === 10) await fault();
      await sendUntilAcknowledged(socket, `series ${i}`);
    }
  }

  async function sendUntilAcknowledged(socket: RawSocket, text: string): Promise<void> {
    const clientId = randomUUID();
    for (let attempt = 0; attempt < 20; attempt++) {
      socket.send({ type: 'send', clientId, room, text });
      const ack = socket.next('ack', (frame) => frame.clientId === clientId, 15_000);
      const error = socket.next('error', (frame) => frame.clientId === clientId, 15_000);
      ack.catch(() => undefined);
      error.catch(() => undefined);
      const answer = await Promise.race([ack, error]);
      if (answer.type === 'ack') return;
      expect(answer.retry, answer.message).to.be.true;
    }
    throw new Error(`never acknowledged: ${text}`);
  }

  async function everythingArrives(socket: RawSocket): Promise<void> {
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        socket.next('message', (frame) => frame.text === `series ${i}`, 30_000),
      ),
    );
    const page = await bob.history(room, '?limit=200');
    const series = page.messages.map(({ text }) => text).filter((text) => text.startsWith('series'));
    expect(series).to.deep.equal(Array.from({ length: 30 }, (_, i) => `series ${i}`));
    const seen = new Map(socket.all('message').map((frame) => [frame.seq, frame.text]));
    for (const message of page.messages)
      if (message.text.startsWith('series')) expect(seen.get(message.seq)).to.equal(message.text);
  }
});
