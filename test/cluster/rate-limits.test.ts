import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { ClientFrame, ErrorFrame } from '../../shared/wire/protocol.ts';
import type { TestCluster } from '../support/cluster.ts';
import type { Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { startClusterOnSharedStore } from '../support/shared-store.ts';

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
