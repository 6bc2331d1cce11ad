import { expect } from 'chai';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import type { SendResult } from '../../shared/node/internal.ts';
import type { Message, MessagePage, Room } from '../../shared/wire/rest.ts';
import { startApi, type Account, type ApiNode } from '../support/api-node.ts';
import { startServers, type TestServers } from '../support/servers.ts';

/** Each a whole story over the real store; the model of the log runs thousands. */
const RUNS = 15;

interface Attempt {
  readonly message: number;
  readonly node: number;
  readonly via: 'rest' | 'socket';
  readonly body: number;
}
interface Told {
  readonly id: string;
  readonly seq: number;
  /** undefined: an ack tells no text. */
  readonly text: string | undefined;
}

const attempt: fc.Arbitrary<Attempt> = fc.record({
  message: fc.nat(3),
  node: fc.nat(1),
  via: fc.constantFrom('rest' as const, 'socket' as const),
  body: fc.nat(9),
});
/** Waves, one after the other; what is in a wave comes at once, and its socket sends of one node in one batch. */
const waves = fc.array(fc.array(attempt, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 });

describe('a clientId over the real store', function () {
  this.timeout(240_000);
  let servers: TestServers;
  let nodes: ApiNode[];
  let ann: Account;

  before(async function () {
    this.timeout(900_000);
    servers = await startServers();
    nodes = await Promise.all([startApi({ servers }), startApi({ servers })]);
    ann = await nodes[0]!.register('ann');
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  });

  const makeRoom = async (): Promise<string> => {
    const body = { type: 'group', name: 'Once' };
    return (await nodes[0]!.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  };
  const read = async (node: ApiNode, room: string): Promise<readonly Message[]> => {
    const page = await node.call<MessagePage>('GET', `/rooms/${room}/messages?limit=200`, {
      token: ann.token,
    });
    return page.body.messages.filter(({ kind }) => kind === 'text');
  };
  const overRest = async (node: ApiNode, room: string, clientId: string, text: string): Promise<Told> => {
    const path = `/rooms/${room}/messages`;
    const { status, body } = await node.call<Message>('POST', path, {
      token: ann.token,
      body: { clientId, text },
    });
    // A busy machine may refuse for a moment; the same clientId goes again, as everybody's does.
    if (status === 503) return overRest(node, room, clientId, text);
    expect(status).to.be.oneOf([200, 201]);
    return body;
  };
  const overSocket = async (
    node: ApiNode,
    room: string,
    sends: readonly { readonly clientId: string; readonly text: string }[],
  ): Promise<readonly Told[]> => {
    const body = { sends: sends.map((one) => ({ user: ann.id, room, ...one })) };
    const { results } = await node.internal<{ results: SendResult[] }>('/sends', body);
    return results.map((result) => {
      if (!('id' in result)) throw new Error(`a send was refused with ${result.code}`);
      return { id: result.id, seq: result.seq, text: undefined };
    });
  };

  /** Everything of a wave at once: what each attempt was told, in no order. */
  async function sendAll(room: string, wave: readonly Attempt[]): Promise<[message: number, told: Told][]> {
    const draft = ({ message, body }: Attempt) => ({
      clientId: `m${message}`,
      text: `m${message} body ${body}`,
    });
    const rest = wave.filter(({ via }) => via === 'rest');
    const batches = nodes.map((_, n) => wave.filter(({ via, node }) => via === 'socket' && node === n));
    const [told, ...acked] = await Promise.all([
      Promise.all(rest.map((one) => overRest(nodes[one.node]!, room, draft(one).clientId, draft(one).text))),
      ...batches.map((batch, n) => (batch.length === 0 ? [] : overSocket(nodes[n]!, room, batch.map(draft)))),
    ]);
    const order = [...rest, ...batches.flat()];
    return [...told, ...acked.flat()].map((one, i) => [order[i]!.message, one]);
  }

  it('gives the first message on every node, by every way, at once, later and twice in one batch', async () => {
    await fc.assert(
      fc.asyncProperty(waves, async (story) => {
        const room = await makeRoom();
        const told: [message: number, told: Told][] = [];
        for (const wave of story) told.push(...(await sendAll(room, wave)));
        for (const node of nodes) {
          const stored = await read(node, room);
          expect(stored.map(({ clientId }) => clientId)).to.have.members([
            ...new Set(told.map(([message]) => `m${message}`)),
          ]);
          for (const [message, { id, seq, text }] of told) {
            const one = stored.find(({ clientId }) => clientId === `m${message}`)!;
            expect([id, seq, text ?? one.text]).to.deep.equal([one.id, one.seq, one.text]);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('gives the first message through a node that has never seen it, after Redis was emptied', async () => {
    const room = await makeRoom();
    const first = await overRest(nodes[0]!, room, 'kept', 'first');
    const redis = new Redis(servers.redisUrl);
    await redis.flushall();
    redis.disconnect();
    const fresh = await startApi({ servers });
    try {
      expect(await overRest(fresh, room, 'kept', 'second')).to.include({
        id: first.id,
        seq: first.seq,
        text: 'first',
      });
      const [acked] = await overSocket(fresh, room, [{ clientId: 'kept', text: 'third' }]);
      expect(acked).to.include({ id: first.id, seq: first.seq });
      expect(await read(fresh, room)).to.have.length(1);
    } finally {
      await fresh.stop();
    }
  });

  it('still belongs to a message that was edited, and to its tombstone', async () => {
    const room = await makeRoom();
    const { id, seq } = await overRest(nodes[0]!, room, 'owned', 'first');
    const path = `/rooms/${room}/messages/${seq}`;
    await nodes[0]!.call('PATCH', path, { token: ann.token, body: { text: 'edited' } });
    expect(await overRest(nodes[1]!, room, 'owned', 'again')).to.include({ id, seq, text: 'edited' });
    await nodes[0]!.call('DELETE', path, { token: ann.token });
    expect(await overRest(nodes[1]!, room, 'owned', 'again')).to.include({ id, seq, text: '' });
    const [acked] = await overSocket(nodes[1]!, room, [{ clientId: 'owned', text: 'again' }]);
    expect(acked).to.include({ id, seq });
    expect(await read(nodes[1]!, room)).to.have.length(1);
  });

  it('is the own of each sender and each room', async () => {
    const [one, other] = [await makeRoom(), await makeRoom()];
    const [first, second] = [
      await overRest(nodes[0]!, one, 'same', 'in one'),
      await overRest(nodes[1]!, other, 'same', 'in the other'),
    ];
    expect(first.id).to.not.equal(second.id);
    const bob = await nodes[0]!.register('bob');
    await nodes[0]!.call('POST', `/rooms/${one}/members`, { token: ann.token, body: { users: [bob.id] } });
    const body = { clientId: 'same', text: 'from bob' };
    const { status } = await nodes[1]!.call('POST', `/rooms/${one}/messages`, { token: bob.token, body });
    expect(status).to.equal(201);
  });
});
