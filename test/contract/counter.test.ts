import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { MemoryCounter, type Counter } from '../../api/services/log/counter.ts';
import { RedisCounter } from '../../api/services/log/counter-redis.ts';
import { connectCommands, settled } from '../../shared/node/redis.ts';
import { startServers } from '../support/servers.ts';

/** What every counter does. */
function contract(make: () => Promise<Counter>): void {
  let counter: Counter;
  let room: string;
  before(async () => {
    counter = await make();
  });
  beforeEach(() => {
    room = randomBytes(12).toString('hex');
  });

  it('never counts a room without a counter', async () => {
    expect(await counter.take([{ room, count: 1 }])).to.deep.equal([undefined]);
    expect(await counter.read([room])).to.deep.equal([undefined]);
  });

  it('hands out consecutive numbers, each once, however many ask at a time', async () => {
    await counter.raise(room, 10);
    const firsts = await Promise.all(Array.from({ length: 20 }, () => counter.take([{ room, count: 3 }])));
    const numbers = firsts.flat().sort((a = 0, b = 0) => a - b);
    expect(numbers).to.deep.equal(Array.from({ length: 20 }, (_, i) => 11 + 3 * i));
    expect(await counter.read([room])).to.deep.equal([70]);
  });

  it('is only ever raised', async () => {
    await counter.raise(room, 5);
    await counter.raise(room, 3);
    expect(await counter.read([room])).to.deep.equal([5]);
  });

  it('answers for many rooms in the order asked', async () => {
    const other = randomBytes(12).toString('hex');
    await counter.raise(room, 0);
    expect(
      await counter.take([
        { room: other, count: 1 },
        { room, count: 2 },
      ]),
    ).to.deep.equal([undefined, 1]);
    expect(await counter.read([other, room])).to.deep.equal([undefined, 2]);
  });
}

describe('the counter in memory', () => {
  contract(async () => new MemoryCounter());
});

describe('the counter in Redis', function () {
  this.timeout(900_000);
  let redis: Redis | undefined;
  after(() => redis?.disconnect());
  contract(async () => {
    const servers = await startServers();
    redis = connectCommands(servers.redisUrl, pino({ level: 'silent' }));
    await settled(redis, 3_000);
    return new RedisCounter(redis);
  });
});
