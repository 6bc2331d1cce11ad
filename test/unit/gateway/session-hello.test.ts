import { expect } from 'chai';
import { chat, idOf } from '../../support/gateway-harness.ts';

const [alice, room] = [idOf('a'), idOf('1')] as const;
const frame = (value: object): string => JSON.stringify(value);

describe('gateway session before ready', () => {
  const violations: readonly [string, string][] = [
    ['bad JSON', '{'],
    ['a list', '[]'],
    ['no type', '{}'],
    ['an unknown type', frame({ type: 'nonsense' })],
    ['a frame before hello', frame({ type: 'ping' })],
  ];
  for (const [what, text] of violations) {
    it(`closes with 4400 at ${what}`, () => {
      const { session, socket } = chat().connect();
      session.onText(text);
      expect(socket.closed?.code).to.equal(4400);
    });
  }

  it('closes with 4400 at a binary frame', () => {
    const { session, socket } = chat().connect();
    session.onBinary();
    expect(socket.closed?.code).to.equal(4400);
  });

  it('answers a hello with bad fields by an error and stays', () => {
    const { session, socket } = chat().connect();
    session.onText(frame({ type: 'hello', token: 7 }));
    expect(socket.frames).to.have.length(1);
    expect(socket.frames[0]).to.include({ type: 'error', code: 'invalid', retry: false });
    expect(socket.closed).to.equal(undefined);
    session.close(1000, 'end');
  });

  it('closes with 4001 for an expired token, with 4401 for a forged one', () => {
    for (const [token, code] of [
      ['expired', 4001],
      ['forged', 4401],
    ] as const) {
      const { session, socket } = chat().connect();
      session.onText(frame({ type: 'hello', token }));
      expect(socket.closed?.code).to.equal(code);
      expect(socket.frames.at(-1)?.type).to.equal('bye');
    }
  });

  it('closes with 4401 when the session is over, by the mark in Redis or by the API’s word', async () => {
    for (const isRedisAway of [false, true]) {
      const t = chat();
      t.cluster.ended.add(idOf('e'));
      t.cluster.isRedisAway = isRedisAway;
      const { socket } = await t.ready(alice);
      expect(socket.closed?.code).to.equal(4401);
    }
  });

  it('closes with 1013 and says when to come back if neither Redis nor the API answers', async () => {
    const t = chat();
    t.cluster.isRedisAway = true;
    t.cluster.isApiAway = true;
    const { socket } = await t.ready(alice);
    expect(socket.closed?.code).to.equal(1013);
    expect(socket.frames.at(-1)).to.include({ type: 'bye' });
    expect(socket.frames.at(-1)?.['retryAfterMs']).to.be.greaterThan(0);
  });

  it('acts after ready on what was sent before it', async () => {
    const t = chat();
    const { session, socket } = t.connect();
    session.onText(frame({ type: 'hello', token: `${alice}:${idOf('e')}` }));
    session.onText(frame({ type: 'ping' }));
    await socket.until(() => socket.ofType('pong').length > 0);
    expect(socket.frames.map(({ type }) => type)).to.deep.equal(['ready', 'pong']);
  });

  it('is ready without Redis, from what MongoDB knows', async () => {
    const t = chat();
    await t.cluster.post(room, 'one');
    t.cluster.isRedisAway = true;
    t.broker.down();
    const { socket } = await t.ready(alice);
    expect(socket.frames[0]).to.deep.include({ type: 'ready', rooms: { [room]: [1, 0, 1] } });
  });
});
