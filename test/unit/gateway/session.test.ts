import { expect } from 'chai';
import { chat, idOf } from '../../support/gateway-harness.ts';

const [alice, bob, room, other] = [idOf('a'), idOf('b'), idOf('1'), idOf('2')] as const;
const frame = (value: object): string => JSON.stringify(value);

describe('gateway session', () => {
  it('tells the version of a room that changed since the user’s list was cached', async () => {
    const t = chat();
    t.cluster.versions_.set(room, 4);
    const { socket } = await t.ready(alice);
    expect(socket.ofType('ready')[0]?.['rooms']).to.deep.equal({ [room]: [0, 0, 4] });
  });

  it('lacks no room that was entered while the heads were read', async () => {
    const t = chat();
    const read = t.cluster.counters.bind(t.cluster);
    let isFirst = true;
    t.cluster.counters = async (rooms) => {
      const counters = await read(rooms);
      if (!isFirst) return counters;
      isFirst = false;
      t.cluster.join(alice, other);
      const user = t.gateway.deps.hub.users.get(alice);
      if (user !== undefined) await t.gateway.deps.lists.confirm(user);
      return counters;
    };
    const { socket } = await t.ready(alice);
    expect(Object.keys(socket.ofType('ready')[0]?.['rooms'] as object)).to.have.members([room, other]);
  });

  it('names every room with head, readSeq and v', async () => {
    const t = chat();
    t.cluster.join(alice, other);
    await t.cluster.post(room, 'one');
    const { socket } = await t.ready(alice);
    expect(socket.frames).to.have.length(1);
    expect(socket.frames[0]).to.deep.equal({
      type: 'ready',
      user: alice,
      session: idOf('e'),
      heartbeat: 25,
      rooms: { [room]: [1, 0, 1], [other]: [0, 0, 1] },
    });
  });

  it('asks nothing of the API when lists and counters are in Redis', async () => {
    const t = chat();
    await t.cluster.post(room, 'one');
    await t.ready(alice, { [room]: 1 });
    expect(t.cluster.calls).to.deep.equal([]);
  });

  it('brings a message to every device of every member, the sender’s too', async () => {
    const t = chat();
    const devices = [await t.ready(alice), await t.ready(alice), await t.ready(bob)];
    devices[0]!.session.onText(frame({ type: 'send', clientId: 'c', room, text: 'hello' }));
    for (const { socket } of devices) await socket.until(() => socket.seqs().length > 0);
    const { socket } = devices[0]!;
    await socket.until(() => socket.ofType('ack').length > 0);
    expect(socket.ofType('ack')[0]).to.include({ clientId: 'c', room, seq: 1 });
  });

  it('sends frames of one turn in one write', async () => {
    const t = chat();
    const { socket } = await t.ready(alice);
    const before = socket.writes;
    await Promise.all([t.cluster.post(room, '1'), t.cluster.post(room, '2'), t.cluster.post(room, '3')]);
    await socket.until(() => socket.seqs().length === 3);
    expect(socket.writes - before).to.equal(1);
  });

  it('passes on what the API says of a send to a room of others', async () => {
    const { session, socket } = await chat().ready(alice);
    session.onText(frame({ type: 'send', clientId: 'c', room: other, text: 'x' }));
    await socket.until(() => socket.ofType('error').length > 0);
    expect(socket.ofType('error')[0]).to.include({ clientId: 'c', code: 'not_found', retry: false });
  });

  it('answers bad fields with an error that names the clientId, and stays', async () => {
    const { session, socket } = await chat().ready(alice);
    session.onText(frame({ type: 'send', clientId: 'c', room, text: 'a\0b' }));
    await socket.until(() => socket.ofType('error').length > 0);
    expect(socket.ofType('error')[0]).to.include({ clientId: 'c', code: 'invalid', retry: false });
    expect(socket.closed).to.equal(undefined);
  });

  it('refuses the 65th unanswered send with retry', async () => {
    const t = chat();
    const { session, socket } = await t.ready(alice);
    t.cluster.send = () => new Promise(() => undefined);
    for (let i = 0; i <= 64; i++) session.onText(frame({ type: 'send', clientId: `${i}`, room, text: 'x' }));
    await socket.until(() => socket.ofType('error').length > 0);
    expect(socket.ofType('error')[0]).to.include({ clientId: '64', code: 'rate_limited', retry: true });
  });

  it('says retry when the API is away', async () => {
    const t = chat();
    const { session, socket } = await t.ready(alice);
    t.cluster.isApiAway = true;
    session.onText(frame({ type: 'send', clientId: 'c', room, text: 'x' }));
    await socket.until(() => socket.ofType('error').length > 0);
    expect(socket.ofType('error')[0]).to.include({ clientId: 'c', code: 'unavailable', retry: true });
  });

  it('closes with 4400 at a second hello', async () => {
    const { session, socket } = await chat().ready(alice);
    session.onText(frame({ type: 'hello', token: 't' }));
    expect(socket.closed?.code).to.equal(4400);
  });

  it('takes a fresh token of the same session in silence and refuses one of another', async () => {
    const { session, socket } = await chat().ready(alice);
    session.onText(frame({ type: 'auth', token: `${alice}:${idOf('e')}` }));
    session.onText(frame({ type: 'auth', token: `${alice}:${idOf('d')}` }));
    await socket.until(() => socket.frames.length > 1);
    expect(socket.frames.slice(1).map(({ code }) => code)).to.deep.equal(['forbidden']);
  });

  it('passes on the highest read mark, also one ahead of what came through here, and none of others’ rooms', async () => {
    const t = chat();
    await t.cluster.post(room, 'one');
    const { session } = await t.ready(alice);
    session.onText(frame({ type: 'read', room, seq: 99 }));
    session.onText(frame({ type: 'read', room, seq: 0 }));
    session.onText(frame({ type: 'read', room: other, seq: 1 }));
    session.onText(frame({ type: 'got', rooms: { [room]: 1 } }));
    await t.gateway.deps.cursors.flush();
    expect(t.cluster.cursors_).to.deep.equal([{ user: alice, room, read: 99, got: 1 }]);
  });

  it('passes typing on, at most once in 2 s', async () => {
    const t = chat();
    const [a, b] = [await t.ready(alice), await t.ready(bob)];
    for (let i = 0; i < 3; i++) a.session.onText(frame({ type: 'typing', room }));
    t.clock += 2_001;
    a.session.onText(frame({ type: 'typing', room }));
    await b.socket.until(() => b.socket.ofType('typing').length === 2);
    expect(b.socket.ofType('typing')[0]).to.deep.equal({ type: 'typing', room, user: alice });
  });
});
