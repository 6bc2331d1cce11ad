import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect } from 'chai';
import type { ClientFrame, ErrorFrame, ServerFrame } from '../../shared/wire/protocol.ts';
import type { TestCluster } from '../support/cluster.ts';
import type { Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startClusterOnSharedStore } from '../support/shared-store.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('rate limits on the socket', () => {
  let parley: TestCluster;
  let ann: Person;
  let bob: Person;
  let room: string;
  const sockets: RawSocket[] = [];
  before(async function () {
    this.timeout(300_000);
    const env = {
      RATE_LIMITS: 'on',
      RATE_LIMIT_SEND: '3/1h',
      RATE_LIMIT_FRAMES: '4/1h',
      RATE_LIMIT_HELLO: '3/1h',
      RATE_LIMIT_CONNECT_FAILED: '2/1h',
    };
    parley = await startClusterOnSharedStore({ gateways: 1, env });
  });
  beforeEach(async () => {
    [ann, bob] = [await parley.register('ann'), await parley.register('bob')];
    room = (await ann.createRoom({ type: 'group', name: 'Fast', members: [bob.username] })).id;
  });
  afterEach(() => {
    for (const { ws } of sockets.splice(0)) ws.terminate();
  });
  after(async function () {
    this.timeout(60_000);
    await parley?.stop();
  });

  const open = async (who: Person): Promise<RawSocket> => {
    const socket = who.socket();
    sockets.push(socket);
    await socket.hello(who.token);
    return socket;
  };
  const refused = async (socket: RawSocket): Promise<ErrorFrame> => socket.next('error');

  it('refuse a message, which is not stored and may go again', async () => {
    const socket = await open(ann);
    const ids = Array.from({ length: 4 }, () => randomUUID());
    for (const clientId of ids) socket.send({ type: 'send', room, clientId, text: 'fast' });
    const error = await refused(socket);
    expect(error).to.include({ code: 'rate_limited', retry: true, clientId: ids[3] });
    expect(error.retryAfterMs).to.be.within(1_000_000, 1_200_000);
    for (let i = 0; i < 3; i++) await socket.next('ack');
    expect((await bob.history(room)).messages.filter(({ kind }) => kind === 'text')).to.have.length(3);
    const other = await open(bob);
    other.send({ type: 'send', room, clientId: randomUUID(), text: 'mine' });
    await other.next('ack');
  });

  /** Messages and connections have limits of their own. */
  const others: Readonly<Record<Exclude<ClientFrame['type'], 'send' | 'hello'>, () => ClientFrame>> = {
    typing: () => ({ type: 'typing', room }),
    read: () => ({ type: 'read', room, seq: 1 }),
    got: () => ({ type: 'got', rooms: { [room]: 1 } }),
    watch: () => ({ type: 'watch', users: [bob.id] }),
    away: () => ({ type: 'away', away: true }),
    ping: () => ({ type: 'ping' }),
    auth: () => ({ type: 'auth', token: ann.token }),
  };
  for (const [name, frame] of Object.entries(others))
    it(`refuse a flood of ${name}, over all sockets of a user, and leave the socket open`, async () => {
      const [one, two] = [await open(ann), await open(ann)];
      for (let i = 0; i < 4; i++) one.send(frame());
      one.send(frame());
      expect(await refused(one)).to.include({ code: 'rate_limited', retry: true });
      two.send(frame());
      expect(await refused(two)).to.include({ code: 'rate_limited', retry: true });
      one.send({ type: 'send', room, clientId: randomUUID(), text: 'messages have a limit of their own' });
      await one.next('ack');
    });

  it('close one connection too many with 1013 and a wait', async () => {
    for (let i = 0; i < 3; i++) await open(ann);
    const socket = ann.socket();
    sockets.push(socket);
    await socket.open();
    socket.send({ type: 'hello', token: ann.token });
    expect((await socket.next('bye')).retryAfterMs).to.be.above(1_000);
    expect((await socket.closed).code).to.equal(1013);
  });

  it('answer an address that forges tokens with 429, through NGINX', async () => {
    for (let i = 0; i < 2; i++) {
      const socket = ann.socket();
      sockets.push(socket);
      await socket.open();
      socket.send({ type: 'hello', token: `${ann.token}x` });
      expect((await socket.closed).code).to.equal(4401);
    }
    const socket = ann.socket();
    sockets.push(socket);
    expect(await socket.open().catch((error: Error) => error.message)).to.equal('refused with 429');
  });
});

describe('rate limits of several processes', () => {
  const ground = useCluster({
    env: { RATE_LIMITS: 'on', RATE_LIMIT_SEND: '16/1h', RATE_LIMIT_FRAMES: '16/1h' },
  });

  /** How many frames, one after the other is answered, a socket takes until it refuses one. */
  const taken = async (
    socket: RawSocket,
    frame: () => ClientFrame,
    answer: 'ack' | 'pong',
  ): Promise<number> => {
    const heard = (type: ServerFrame['type']): number =>
      socket.received.filter((one) => one.type === type).length;
    for (let count = 0; ; count++) {
      socket.send(frame());
      while (heard(answer) === count && heard('error') === 0) await once(socket.ws, 'message');
      if (heard('error') > 0) return count;
    }
  };

  it('hold over all gateways together', async () => {
    const [ann] = await ground.people('ann');
    const [one, two] = [await ground.connect(ann, 0), await ground.connect(ann, 1)];
    const ping = (): ClientFrame => ({ type: 'ping' });
    expect(await taken(one, ping, 'pong')).to.equal(16);
    expect(await taken(two, ping, 'pong'), 'of a bucket of its own it would take 16').to.be.below(8);
  });

  it('hold over sockets and REST together', async () => {
    const [ann, bob] = await ground.people('ann', 'bob');
    const room = (await ann.createRoom({ type: 'dm', user: bob.username })).id;
    const socket = await ground.connect(ann, 0);
    const send = (): ClientFrame => ({ type: 'send', room, clientId: randomUUID(), text: 'fast' });
    expect(await taken(socket, send, 'ack')).to.equal(16);
    let over = 0;
    let refused = false;
    while (!refused)
      await ann.say(room, 'over REST').then(
        () => (over += 1),
        () => (refused = true),
      );
    expect(over, 'of two buckets of their own the nodes would take 32').to.be.below(16);
  });
});
