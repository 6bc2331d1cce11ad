import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { Metrics } from '../support/scrape.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('a gateway under fire', function () {
  this.timeout(240_000);
  const on = useCluster({ gateways: 3 });
  let ann: Person;
  let bob: Person;
  let room: string;

  beforeEach(async () => {
    [ann, bob] = await on.people('ann', 'bob');
    room = (await ann.createRoom({ type: 'group', name: 'Fire', members: [bob.id] })).id;
  });

  describe('presence', () => {
    const states = (socket: RawSocket): { user: string; online: boolean }[] =>
      socket.all('presence').flatMap(({ users }) => users);

    it('says nothing of fifty who come back elsewhere after a crash and after a drain, and calls one offline who does not', async () => {
      const people = await Promise.all(Array.from({ length: 50 }, () => on.parley.register('many')));
      const watcher = await on.connect(ann, 2);
      const gone = await on.connect(bob, 0);
      for (const person of people) await on.connect(person, 0);
      watcher.send({ type: 'watch', users: [bob.id, ...people.map(({ id }) => id)] });
      const online = new Set<string>();
      while (online.size < 51)
        for (const { user } of (await watcher.next('presence')).users) online.add(user);
      const before = states(watcher).length;
      expect(states(watcher).every((state) => state.online)).to.equal(true);

      await on.parley.cluster.kill('gateway-1', 'SIGKILL');
      const crashed = performance.now();
      await gone.closed;
      const here = await Promise.all(people.map((person) => on.connect(person, 1)));
      const { users } = await watcher.next('presence', () => true, 40_000);
      expect(performance.now() - crashed).to.be.lessThan(32_000);
      expect(users.map(({ user, online }) => [user, online])).to.deep.equal([[bob.id, false]]);

      void on.parley.cluster.kill('gateway-2', 'SIGTERM');
      await Promise.all(
        here.map(async (socket, i) => {
          await socket.closed;
          await on.connect(people[i]!, 2);
        }),
      );
      // Longer than a release is given to come back, a reading and the debounce.
      await sleep(15_000);
      expect(states(watcher)).to.have.length(before + 1);
    });
  });

  describe('drain', () => {
    it('answers every send it took, says bye, refuses new sockets and leaves in time', async () => {
      const node = on.parley.cluster.gateways[1]!;
      const senders = await Promise.all(Array.from({ length: 20 }, () => on.connect(ann, 1)));
      const ends = senders.map((socket) => socket.closed);
      const sent = senders.map(() => [] as string[]);
      const pumping = setInterval(() => {
        for (const [i, socket] of senders.entries()) {
          if (socket.ws.readyState !== socket.ws.OPEN) continue;
          const clientId = randomUUID();
          sent[i]!.push(clientId);
          socket.send({ type: 'send', clientId, room, text: clientId });
          // Frames are taken in order: a pong says that the send before was taken, too.
          socket.send({ type: 'ping' });
        }
      }, 20);
      await senders[0]!.next('ack');
      const started = performance.now();
      const ended = on.parley.cluster.kill('gateway-2', 'SIGTERM');
      const readyz = async (): Promise<number> =>
        (await fetch(`http://127.0.0.1:${node.internalPort}/readyz`)).status;
      while ((await readyz()) !== 503) await sleep(10);
      const refused = await bob
        .socket(on.parley.gateway(1))
        .open()
        .catch((error: Error) => error.message);
      expect(refused).to.equal('refused with 503');
      for (const end of ends) expect((await end).code).to.equal(1012);
      clearInterval(pumping);
      await ended;
      expect(performance.now() - started).to.be.lessThan(20_000);
      for (const [i, socket] of senders.entries()) {
        const taken = sent[i]!.slice(0, socket.all('pong').length);
        const answered = [...socket.all('ack'), ...socket.all('error')].map(({ clientId }) => clientId);
        expect(taken.length).to.be.greaterThan(1);
        expect(answered).to.include.members(taken);
        expect(socket.received.at(-1)?.type).to.equal('bye');
      }
      const spread = new Set(senders.map((socket) => socket.all('bye')[0]?.retryAfterMs));
      expect(spread.size).to.be.greaterThan(5);
      const stored = new Set(senders.flatMap((socket) => socket.all('ack').map(({ clientId }) => clientId)));
      const reader = await on.connect(bob, 0);
      reader.ws.terminate();
      const texts = new Set<string>();
      for (let before = Infinity; before > 1;) {
        const { messages, complete } = await bob.history(
          room,
          `?limit=200${before === Infinity ? '' : `&before=${before}`}`,
        );
        for (const { text } of messages) texts.add(text);
        before = complete[0];
      }
      for (const clientId of stored) expect(texts.has(clientId)).to.equal(true);
    });
  });

  describe('slow readers', () => {
    it('are closed with 4008 while the others go on, then resume and have everything', async () => {
      const slow = await on.connect(bob, 1);
      const [fast, a] = [await on.connect(ann, 1), await on.connect(ann, 0)];
      const { seq: have } = await ann.say(room, 'before');
      await slow.next('message', ({ seq }) => seq === have);
      slow.ws.pause();
      const metric = async (): Promise<number> =>
        (await Metrics.of(on.parley.cluster.gateways[1]!)).sum('parley_slow_readers_total');
      const before = await metric();
      let last = 0;
      for (let batch = 0; (await metric()) === before; batch++) {
        expect(batch).to.be.lessThan(60);
        const ids = Array.from({ length: 50 }, () => randomUUID());
        for (const clientId of ids)
          a.send({ type: 'send', clientId, room, text: `${clientId} ${'x'.repeat(7_900)}` });
        for (const clientId of ids)
          last = Math.max(last, (await a.next('ack', (frame) => frame.clientId === clientId)).seq);
        await fast.next('message', ({ seq }) => seq === last);
      }
      slow.ws.resume();
      // 1006 where the goodbye came too late: the connection is cut 3 s after it.
      expect((await slow.closed).code).to.be.oneOf([4008, 1006]);
      const seen = new Set([...slow.all('message').map(({ seq }) => seq)]);
      let position = have;
      while (seen.has(position + 1)) position++;
      const back = await on.connect(bob, 2, { [room]: position });
      const missed = Array.from({ length: last - position }, (_, i) => position + 1 + i);
      const isKnown = (seq: number): boolean =>
        back.all('message').some((frame) => frame.seq === seq) ||
        back.all('gap').some(({ from, to }) => from <= seq && seq <= to);
      while (!missed.every(isKnown)) await sleep(50);
      expect(fast.all('message').filter(({ seq }) => seq > have && seq <= last)).to.have.length(last - have);
    });
  });

  describe('removal', () => {
    it('holds on every gateway for every frame of the room from the answer on', async () => {
      const devices = await Promise.all([0, 1, 2].map((n) => on.connect(bob, n)));
      const others = await Promise.all([0, 1, 2].map((n) => on.connect(ann, n)));
      await ann.call('DELETE', `/rooms/${room}/members/${bob.id}`);
      for (let i = 0; i < 20; i++) await ann.say(room, `secret ${i}`);
      others[0]!.send({ type: 'typing', room });
      for (const other of others) {
        await other.next('message', ({ text }) => text === 'secret 19');
        await other.next('typing');
      }
      for (const device of devices) {
        device.send({ type: 'typing', room });
        device.send({ type: 'read', room, seq: 1 });
        device.send({ type: 'send', clientId: 'late', room, text: 'still here?' });
        expect(await device.next('error')).to.include({ clientId: 'late', code: 'not_found', retry: false });
        const removed = device.received.findIndex(({ type }) => type === 'room.removed');
        const later = device.received.slice(removed + 1);
        expect(later.filter((frame) => 'room' in frame && frame.room === room)).to.deep.equal([]);
      }
      expect(others.flatMap((other) => other.all('typing')).every(({ user }) => user === ann.id)).to.equal(
        true,
      );
    });

    it('takes hold within 30 s while Redis does not answer', async () => {
      const device = await on.connect(bob, 1);
      await on.parley.cluster.process('redis').kill('SIGSTOP');
      try {
        const answer = await ann.try('DELETE', `/rooms/${room}/members/${bob.id}`);
        expect(answer.status).to.equal(204);
        const since = performance.now();
        await device.next('room.removed', (frame) => frame.room === room, 35_000);
        expect(performance.now() - since).to.be.lessThan(32_000);
      } finally {
        await on.parley.cluster.process('redis').kill('SIGCONT');
      }
    });
  });
});
