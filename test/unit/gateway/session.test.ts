import { expect } from 'chai';
import { Kind } from '../../../shared/node/envelope.ts';
import { idOf, testGateway } from '../../support/gateway-harness.ts';

const [alice, bob, room, other] = [idOf('a'), idOf('b'), idOf('1'), idOf('2')] as const;
const frame = (value: object): string => JSON.stringify(value);

function chat() {
  const t = testGateway();
  t.cluster.join(alice, room);
  t.cluster.join(bob, room);
  return t;
}

describe('gateway session', () => {
  describe('before ready', () => {
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

  describe('ready', () => {
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
      for (let i = 0; i <= 64; i++)
        session.onText(frame({ type: 'send', clientId: `${i}`, room, text: 'x' }));
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

  describe('signals', () => {
    it('closes the named session, or all of a user, with 4401', async () => {
      const t = chat();
      const [one, two] = [await t.ready(alice), await t.ready(alice, {}, idOf('d'))];
      await t.cluster.signal(alice, Kind.sessionEnded, '', 0, idOf('e'));
      await one.socket.until(({ closed }) => closed !== undefined);
      expect(one.socket.closed?.code).to.equal(4401);
      expect(two.socket.closed).to.equal(undefined);
      await t.cluster.signal(alice, Kind.sessionEnded, '', 0, '*');
      await two.socket.until(({ closed }) => closed !== undefined);
      expect(two.socket.closed?.code).to.equal(4401);
    });

    it('sends nothing of a room after its removal was signalled', async () => {
      const t = chat();
      const [a, b] = [await t.ready(alice), await t.ready(bob)];
      await t.cluster.signal(alice, Kind.removed, room, 7, { type: 'room.removed', room, v: 7 });
      await t.cluster.post(room, 'secret');
      await b.socket.until(() => b.socket.seqs().length > 0);
      expect(a.socket.frames.slice(1)).to.deep.equal([{ type: 'room.removed', room, v: 7 }]);
    });

    it('introduces a joined room, then gives everything from the head named there', async () => {
      const t = chat();
      const { socket } = await t.ready(alice);
      await t.cluster.post(other, 'before the join');
      t.cluster.join(alice, other);
      await t.cluster.post(other, 'after it, before the signal');
      await t.cluster.signal(alice, Kind.room, other, 1, { type: 'room', room: { id: other }, head: 1 });
      await socket.until(() => socket.seqs().length > 0);
      await t.cluster.post(other, 'live');
      await socket.until(() => socket.seqs().length === 2);
      expect(socket.frames.slice(1).map(({ type }) => type)).to.deep.equal(['room', 'message', 'message']);
      expect(socket.seqs()).to.deep.equal([2, 3]);
    });

    it('takes a user out again whose join was told after the removal that ended it', async () => {
      const t = chat();
      const { socket } = await t.ready(alice);
      const late = { type: 'room', room: { id: other, v: 5 }, head: 0 };
      await t.cluster.signal(alice, Kind.removed, other, 6, { type: 'room.removed', room: other, v: 6 });
      await t.cluster.signal(alice, Kind.room, other, 0, late);
      await socket.until(() => socket.ofType('room.removed').length === 2);
      expect(socket.ofType('room.removed').at(-1)).to.deep.equal({ type: 'room.removed', room: other, v: 6 });
      await t.cluster.post(other, 'secret');
      await t.cluster.post(room, 'for all');
      await socket.until(() => socket.ofType('message').length > 0);
      expect(socket.ofType('message').map(({ text }) => text)).to.deep.equal(['for all']);
    });

    it('repairs lost signals when the lists are read again', async () => {
      const t = chat();
      const { socket } = await t.ready(alice);
      t.cluster.members.get(alice)!.delete(room);
      t.cluster.join(alice, other);
      await t.gateway.deps.lists.refresh();
      await socket.until(() => socket.ofType('beat').length > 0);
      expect(socket.ofType('room.removed')).to.deep.equal([{ type: 'room.removed', room, v: 2 }]);
      expect(socket.ofType('beat')[0]).to.deep.equal({ type: 'beat', rooms: { [other]: 0 } });
      await t.cluster.post(other, 'live');
      await socket.until(() => socket.seqs().length > 0);
    });

    it('tells of a room’s change whose signal was lost when the lists are read again, once', async () => {
      const t = chat();
      const [a, b] = [await t.ready(alice), await t.ready(bob)];
      for (const user of [alice, bob]) t.cluster.members.get(user)!.set(room, [0, 2, 2]);
      await t.gateway.deps.lists.refresh();
      await t.gateway.deps.lists.refresh();
      for (const { socket } of [a, b]) {
        await socket.until(() => socket.ofType('room').length > 0);
        expect(socket.ofType('room')).to.deep.equal([{ type: 'room', room: { id: room, v: 2 }, head: 0 }]);
      }
    });

    it('does not apply a list whose reading began before a signal', async () => {
      const t = chat();
      const { socket } = await t.ready(alice);
      const read = t.cluster.roomLists.bind(t.cluster);
      t.cluster.roomLists = async (users) => {
        const lists = await read(users);
        await t.cluster.signal(alice, Kind.room, other, 0, { type: 'room', room: { id: other }, head: 0 });
        return lists;
      };
      await t.gateway.deps.lists.refresh();
      expect(socket.ofType('room.removed')).to.deep.equal([]);
      expect(t.gateway.deps.hub.users.get(alice)?.rooms.has(other)).to.equal(true);
    });
  });

  describe('heartbeat', () => {
    it('beats with the rooms that moved since the last one, behind their frames', async () => {
      const t = chat();
      const { session, socket } = await t.ready(alice);
      t.gateway.heartbeat.add(session);
      t.clock += 10;
      await t.cluster.post(room, 'one');
      t.clock += 10;
      t.gateway.heartbeat.tick();
      await socket.until(() => socket.ofType('beat').length > 0);
      expect(socket.frames.slice(1).map(({ type }) => type)).to.deep.equal(['message', 'beat']);
      expect(socket.ofType('beat')[0]).to.deep.equal({ type: 'beat', rooms: { [room]: 1 } });
      for (let i = 0; i < 25; i++) t.gateway.heartbeat.tick();
      await socket.until(() => socket.ofType('beat').length === 2);
      expect(socket.ofType('beat')[1]).to.deep.equal({ type: 'beat' });
      expect(socket.pings).to.equal(2);
    });

    it('closes with 4002 who is silent for two and a half heartbeats', async () => {
      const t = chat();
      const { session, socket } = await t.ready(alice);
      t.gateway.heartbeat.add(session);
      t.clock += 62_501;
      t.gateway.heartbeat.tick();
      expect(socket.closed?.code).to.equal(4002);
    });
  });
});
