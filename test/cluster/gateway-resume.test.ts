import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { Metrics } from '../support/scrape.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('resuming on any gateway', function () {
  this.timeout(240_000);
  const on = useCluster('rough');
  let ann: Person;
  let bob: Person;
  let room: string;

  const texts = (socket: RawSocket): string[] => socket.all('message').map(({ text }) => text);
  const numbered = (count: number, from = 0): string[] =>
    Array.from({ length: count }, (_, i) => `number ${from + i}`);
  const metrics = (gateway: number): Promise<Metrics> => Metrics.of(on.parley.cluster.gateways[gateway]!);
  /** Sends one after the other, each after the ack of the one before. */
  const say = async (socket: RawSocket, said: readonly string[]): Promise<number> => {
    let last = 0;
    for (const text of said) {
      const clientId = randomUUID();
      socket.send({ type: 'send', clientId, room, text });
      last = (await socket.next('ack', (frame) => frame.clientId === clientId)).seq;
    }
    return last;
  };

  beforeEach(async () => {
    [ann, bob] = await on.people('ann', 'bob');
    room = (await ann.createRoom({ type: 'group', name: 'Resuming', members: [bob.id] })).id;
  });

  describe('with a hundred members', () => {
    let people: Person[];
    beforeEach(async () => {
      people = await Promise.all(Array.from({ length: 100 }, () => on.parley.register('many')));
      const members = people.map(({ id }) => id);
      for (let i = 0; i < members.length; i += 50)
        await ann.call('POST', `/rooms/${room}/members`, { users: members.slice(i, i + 50) });
    });

    it('costs next to nothing of the API after a kill -9 when nothing was missed', async () => {
      const first = await Promise.all(people.map((person) => on.connect(person, 1)));
      const { seq } = await ann.say(room, 'read by all');
      for (const socket of first) await socket.next('message', (frame) => frame.seq === seq);
      // Who reads changes their own list; that must not cost them their cached one.
      for (const socket of first) socket.send({ type: 'read', room, seq });
      for (const socket of first) await socket.next('read');
      const before = await metrics(0);
      await on.parley.cluster.kill('gateway-2', 'SIGKILL');
      await Promise.all(first.map((socket) => socket.closed));
      await Promise.all(people.map((person) => on.connect(person, 0, { [room]: seq })));
      const after = await metrics(0);
      const grown = (name: string, labels?: Record<string, string>): number =>
        after.sum(name, labels) - before.sum(name, labels);
      expect(grown('parley_resumes_total', { kind: 'none' })).to.equal(100);
      // Not one for a reconnect; one may be the gateway's own reading of lists, which goes by the clock.
      expect(grown('parley_api_calls_total')).to.be.at.most(2);
    });

    it('fetches what all of them missed once', async () => {
      const { seq } = await ann.say(room, 'before');
      for (const text of numbered(20)) await ann.say(room, text);
      const before = await metrics(1);
      const all = await Promise.all(people.map((person) => on.connect(person, 1, { [room]: seq })));
      for (const socket of all) await socket.next('message', (frame) => frame.text === 'number 19');
      const after = await metrics(1);
      for (const socket of all) expect(texts(socket)).to.include.members(numbered(20));
      const call = { call: '/internal/log' };
      expect(
        after.sum('parley_api_calls_total', call) - before.sum('parley_api_calls_total', call),
      ).to.be.within(1, 3);
    });
  });

  it('brings what was changed meanwhile, with its present state', async () => {
    const old = await ann.say(room, 'as it was');
    const { seq } = await ann.say(room, 'last seen');
    await ann.call('PATCH', `/rooms/${room}/messages/${old.seq}`, { text: 'as it is' });
    const b = await on.connect(bob, 1, { [room]: seq });
    const change = await b.next('change', (frame) => frame.message.seq === old.seq);
    expect(change.message).to.include({ text: 'as it is', rev: change.seq });
  });

  it('loses nothing for who is dropped in the middle of each resume', async () => {
    const a = await on.connect(ann, 0);
    const seen = new Map<number, string>();
    let have = (await ann.say(room, 'start')).seq;
    const wanted = numbered(150);
    const sending = say(a, wanted);
    const take = (socket: RawSocket): void => {
      for (const { seq, text } of socket.all('message')) seen.set(seq, text);
      while (seen.has(have + 1)) have++;
    };
    for (let round = 0; round < 25; round++) {
      const socket = await on.connect(bob, round % 2, { [room]: have });
      if (round % 3 === 0) await socket.next('message').catch(() => undefined);
      socket.ws.terminate();
      take(socket);
    }
    const last = await sending;
    const b = await on.connect(bob, 1, { [room]: have });
    while (have < last) {
      await b.next('message');
      take(b);
    }
    const got = [...seen].filter(([, text]) => text.startsWith('number')).sort(([x], [y]) => x - y);
    expect(got.map(([, text]) => text)).to.deep.equal(wanted);
  });

  it('tells of rooms joined, left and renamed meanwhile', async () => {
    const left = (await ann.createRoom({ type: 'group', name: 'Left', members: [bob.id] })).id;
    const b = await on.connect(bob, 0);
    b.ws.terminate();
    const joined = (await ann.createRoom({ type: 'group', name: 'Joined', members: [bob.id] })).id;
    await ann.call('DELETE', `/rooms/${left}/members/${bob.id}`);
    const renamed = await ann.call<{ v: number }>('PATCH', `/rooms/${room}`, { name: 'Renamed' });
    const socket = on.socket(bob, 1);
    const ready = await socket.hello(bob.token, { [left]: 0, [room]: 0 });
    expect(ready.rooms).to.have.all.keys(room, joined);
    expect(ready.rooms[room]?.[2]).to.equal(renamed.v);
    expect(socket.received.filter((frame) => 'room' in frame && frame.room === left)).to.deep.equal([]);
  });

  it('gives five devices of one user, each away at another time, the same', async () => {
    const a = await on.connect(ann, 0);
    const { seq } = await ann.say(room, 'start');
    await say(a, numbered(40));
    const devices = await Promise.all(
      [0, 7, 19, 30, 39].map((missed, n) => on.connect(bob, n % 2, { [room]: seq + 40 - missed })),
    );
    await say(a, ['for all']);
    for (const [n, device] of devices.entries()) {
      const missed = [0, 7, 19, 30, 39][n] ?? 0;
      await device.next('message', ({ text }) => text === 'for all');
      while (new Set(texts(device)).size < missed + 1) await device.next('message');
      const expected = [...numbered(missed, 40 - missed), 'for all'];
      expect([...new Set(texts(device))].sort()).to.deep.equal(expected.sort());
    }
  });

  it('finds what is published while the gateways’ subscriptions are cut, also in an emptied Redis', async () => {
    const [a, b] = [await on.connect(ann, 0), await on.connect(bob, 1)];
    const redis = new Redis(on.parley.cluster.redisUrl);
    for (let i = 0; i < 5; i++) {
      if (i % 2 === 1) await redis.flushall();
      await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await ann.say(room, `number ${i}`);
    }
    redis.disconnect();
    for (const socket of [a, b])
      for (const text of numbered(5)) await socket.next('message', (frame) => frame.text === text, 12_000);
  });
});
