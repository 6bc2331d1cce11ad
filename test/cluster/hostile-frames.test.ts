import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { ROUTES } from '../../api/routes/schemas/index.ts';
import { mutated, seenOf } from '../support/hostile.ts';
import type { Person } from '../support/person.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { useCluster } from '../support/use-cluster.ts';

const RUNS = 200;

describe('hostile frames through NGINX', function () {
  this.timeout(300_000);
  const on = useCluster();
  let ann: Person;
  let room: string;

  before(async () => {
    ann = await on.parley.register('ann');
    room = (await ann.createRoom({ type: 'channel', name: `witness ${randomUUID().slice(0, 8)}` })).id;
    await ann.say(room, 'a witness');
  });

  const frames = (): Record<string, Record<string, unknown>> => ({
    hello: { type: 'hello', token: ann.token, rooms: { [room]: 1 } },
    auth: { type: 'auth', token: ann.token },
    send: {
      type: 'send',
      clientId: 'fuzz',
      room,
      text: 'fuzz',
      replyTo: 1,
      thread: 1,
      attachments: [],
      after: 1,
    },
    read: { type: 'read', room, seq: 1 },
    got: { type: 'got', rooms: { [room]: 1 } },
    typing: { type: 'typing', room },
    watch: { type: 'watch', users: [ann.id] },
    away: { type: 'away', away: false },
    ping: { type: 'ping' },
  });

  for (const type of ['hello', 'auth', 'send', 'read', 'got', 'typing', 'watch', 'away', 'ping']) {
    it(`a mutated ${type} gets an error or a close, never silence about a wrong frame, and changes nothing`, async () => {
      const before = await seenOf(ann, room);
      let socket: RawSocket | undefined;
      for (const frame of fc.sample(mutated(frames()[type]!), RUNS)) {
        const text = JSON.stringify(frame);
        // A frame that differs from a valid one in nothing that matters would be carried out.
        if (type === 'send' && isPlausibleSend(frame)) continue;
        if (Buffer.byteLength(text) > 60_000) continue;
        if (socket === undefined) {
          socket = ann.socket();
          await (type === 'hello' ? socket.open() : socket.hello(ann.token));
        }
        socket.ws.send(text);
        socket.send({ type: 'ping' });
        const pong = socket.next('pong').then(
          () => 'alive',
          () => 'dead',
        );
        const outcome = await Promise.race([pong, socket.closed]);
        if (typeof outcome === 'string' && type !== 'hello') continue;
        if (typeof outcome !== 'string')
          expect([4400, 4401, 4001, 1007, 1009], text.slice(0, 200)).to.include(outcome.code);
        socket.close();
        socket = undefined;
      }
      socket?.close();
      expect(await seenOf(ann, room)).to.equal(before);
    });
  }

  it('what is no frame at all closes with 4400: bad JSON, an unknown type, binary, a frame before hello', async () => {
    const hostile: ((socket: RawSocket) => void)[] = [
      (socket) => socket.ws.send('{'),
      (socket) => socket.ws.send('{"type":"nonsense"}'),
      (socket) => socket.ws.send('[]'),
      (socket) => socket.ws.send(Buffer.from([1, 2, 3])),
    ];
    for (const send of hostile) {
      const socket = ann.socket();
      await socket.hello(ann.token);
      send(socket);
      expect((await socket.closed).code).to.equal(4400);
    }
    const early = await ann.socket().open();
    early.send({ type: 'typing', room });
    expect((await early.closed).code).to.equal(4400);
  });

  it('a forged token closes with 4401', async () => {
    const socket = await ann.socket().open();
    socket.send({ type: 'hello', token: `${ann.token}x` });
    expect((await socket.closed).code).to.equal(4401);
  });

  it('a browser of another origin gets 403 at the upgrade', async () => {
    const socket = new RawSocket({ ...on.parley.place, headers: { origin: 'https://evil.example' } });
    const error = await socket.open().then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.contain('403');
  });

  it('a frame over 64 KiB closes with 1009', async () => {
    const socket = ann.socket();
    await socket.hello(ann.token);
    socket.ws.send(JSON.stringify({ type: 'send', clientId: 'x', room, text: 'x'.repeat(70_000) }));
    expect((await socket.closed).code).to.equal(1009);
  });
});

/** A send whose every field is fine: it would be stored, rightly. */
function isPlausibleSend(frame: unknown): boolean {
  if (typeof frame !== 'object' || frame === null) return false;
  const { type: _type, room: _room, ...body } = frame as Record<string, unknown>;
  const schema = ROUTES.find(
    ({ path, method }) => path === '/rooms/:room/messages' && method === 'post',
  )?.body;
  return schema?.validate(body).error === undefined;
}
