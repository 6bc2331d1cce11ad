import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Redis } from 'ioredis';
import { pino } from 'pino';
import { rateLimitPrefix } from '../../shared/node/keys.ts';
import { RedisLevels } from '../../shared/node/levels-redis.ts';
import { MemoryLevels, type Levels } from '../../shared/node/levels.ts';
import type { Limit } from '../../shared/node/limit.ts';
import { connectCommands, settled } from '../../shared/node/redis.ts';
import { startServers } from '../support/servers.ts';

const SLOW: Limit = { points: 8, seconds: 3_600 };
const FAST: Limit = { points: 8, seconds: 1 };

/** What all levels do; `make` gives one of those that stand for the same buckets in several processes. */
function contract(make: (limit: Limit) => Levels): void {
  let key: string;
  beforeEach(() => {
    key = randomUUID();
  });

  it('begin full, and are the same for all processes', async () => {
    const [one, two] = [make(SLOW), make(SLOW)];
    expect(await one.draw(key, 3)).to.be.closeTo(5, 0.1);
    expect(await two.draw(key, 3)).to.be.closeTo(2, 0.1);
    expect(await one.draw(key, 3)).to.be.closeTo(-1, 0.1);
    expect(await two.draw(randomUUID(), 1)).to.be.closeTo(7, 0.1);
  });

  it('never fall so low that they take longer to come back than to fill', async () => {
    const levels = make(SLOW);
    expect(await levels.draw(key, 1_000)).to.equal(-8);
    expect(await levels.draw(key, 1_000)).to.be.closeTo(-8, 0.1);
  });

  it('fill with time, and no further than they hold', async () => {
    const levels = make(FAST);
    let left = await levels.draw(key, 8);
    expect(left).to.be.below(1);
    while (left < 8) {
      await sleep(20);
      left = await levels.draw(key, 0);
    }
    expect(left).to.equal(8);
  });
}

describe('what buckets hold together, in memory', () => {
  const shared = new Map<Limit, Levels>();
  contract((limit) => {
    const levels = shared.get(limit) ?? new MemoryLevels(limit, () => performance.now());
    shared.set(limit, levels);
    return levels;
  });
});

describe('what buckets hold together, in Redis', function () {
  this.timeout(900_000);
  let redis: Redis;
  before(async () => {
    const servers = await startServers();
    redis = connectCommands(servers.redisUrl, pino({ level: 'silent' }));
    await settled(redis, 5_000);
  });
  after(() => redis?.disconnect());
  contract((limit) => new RedisLevels(redis, 'test', limit));

  it('end when they would be full again', async () => {
    const key = randomUUID();
    await new RedisLevels(redis, 'test', SLOW).draw(key, 1);
    expect(await redis.pttl(`${rateLimitPrefix('test')}:${key}`)).to.be.within(1, 7_200_000);
  });
});
