import { expect } from 'chai';
import { GatewayLimits } from '../../../gateway/limits.ts';
import { ConfigError, readApiConfig, readGatewayConfig } from '../../../shared/node/config.ts';
import { MemoryLevels, type Levels } from '../../../shared/node/levels.ts';
import { readLimit } from '../../../shared/node/limit.ts';
import { TokenBuckets } from '../../../shared/node/token-buckets.ts';

describe('a limit', () => {
  it('is a count and a time', () => {
    expect(readLimit('10/15m')).to.deep.equal({ points: 10, seconds: 900 });
    expect(readLimit('5/s')).to.deep.equal({ points: 5, seconds: 1 });
    for (const text of ['', '10', '0/1m', '10/0m', '-1/1m', '10/1y', '1e3/1m'])
      expect(readLimit(text), text).to.equal(undefined);
  });

  it('of another form stops the start, naming the variable', () => {
    expect(() => readApiConfig({ RATE_LIMIT_LOGIN: 'many' })).to.throw(ConfigError, 'RATE_LIMIT_LOGIN');
    expect(readApiConfig({ RATE_LIMIT_LOGIN: '3/1h' }).RATE_LIMIT_LOGIN).to.deep.equal({
      points: 3,
      seconds: 3_600,
    });
  });

  it('cannot be switched off in production', () => {
    const secret = 'x'.repeat(48);
    const production = {
      NODE_ENV: 'production',
      RATE_LIMITS: 'off',
      JWT_SECRET: secret,
      INTERNAL_SECRET: secret,
      REFRESH_SECRET: secret,
    };
    for (const readConfig of [readApiConfig, readGatewayConfig]) {
      expect(() => readConfig(production)).to.throw(ConfigError, 'RATE_LIMITS');
      expect(readConfig({ ...production, RATE_LIMITS: 'on' }).RATE_LIMITS).to.equal('on');
      expect(readConfig({ RATE_LIMITS: 'off' }).RATE_LIMITS).to.equal('off');
    }
  });
});

describe('token buckets', () => {
  let now = 0;
  const buckets = new TokenBuckets({ points: 2, seconds: 10 }, { now: () => now });

  it('give as many at once as the limit has, then one each time it has filled', () => {
    expect([buckets.take('ann'), buckets.take('ann'), buckets.take('ann')]).to.deep.equal([0, 0, 5_000]);
    now = 4_000;
    expect(buckets.take('ann')).to.equal(1_000);
    now = 5_000;
    expect(buckets.take('ann')).to.equal(0);
  });

  it('are each one’s own', () => {
    expect(buckets.take('bob')).to.equal(0);
  });

  it('let everything pass without a limit', () => {
    const open = new TokenBuckets(undefined);
    for (let i = 0; i < 1_000; i++) expect(open.take('ann')).to.equal(0);
  });
});

describe('token buckets of several processes', () => {
  const limit = { points: 32, seconds: 60 };
  let now: number;
  beforeEach(() => {
    now = 0;
  });
  /** As many as it gives, `most` at most; what it tells the others is heard after each. */
  const takeFrom = async (buckets: TokenBuckets, most: number): Promise<number> => {
    let taken = 0;
    while (taken < most && buckets.take('ann') === 0) {
      taken += 1;
      await Promise.resolve();
      await Promise.resolve();
    }
    return taken;
  };

  it('hold one bucket between them, but for a sixteenth each', async () => {
    const levels = new MemoryLevels(limit, () => now);
    const [one, two, three] = [1, 2, 3].map(() => new TokenBuckets(limit, { now: () => now, levels }));
    expect(await takeFrom(one!, 20)).to.equal(20);
    expect(await takeFrom(two!, 100)).to.be.within(12, 14);
    expect(await takeFrom(three!, 100)).to.equal(2);
    expect(await takeFrom(one!, 100)).to.be.at.most(2);
  });

  it('give one after the other what the limit gives one', async () => {
    const levels = new MemoryLevels(limit, () => now);
    const buckets = [1, 2, 3].map(() => new TokenBuckets(limit, { now: () => now, levels }));
    let taken = 0;
    for (let minute = 0; minute < 20; minute++) {
      for (const one of buckets) taken += await takeFrom(one, 100);
      now += 60_000;
    }
    expect(taken).to.be.within(20 * 32, 20 * (32 + 3 * 2));
  });

  it('ask nobody for who takes less than a sixteenth in the time of the limit', () => {
    let draws = 0;
    const levels: Levels = { draw: async () => (draws += 1) };
    const buckets = new TokenBuckets(limit, { now: () => now, levels });
    for (let minute = 0; minute < 100; minute++) {
      buckets.take('ann');
      now += 60_001;
    }
    expect(draws).to.equal(0);
  });

  it('count each for itself while the others cannot be asked', async () => {
    const levels: Levels = { draw: () => Promise.reject(new Error('away')) };
    expect(await takeFrom(new TokenBuckets(limit, { now: () => now, levels }), 100)).to.equal(32);
  });
});

describe('the limits of a gateway', () => {
  it('refuse a message in a way that lets it go again', () => {
    const limits = new GatewayLimits(readGatewayConfig({ RATE_LIMIT_SEND: '1/1m' }), { now: () => 0 });
    limits.send('ann');
    expect(() => limits.send('ann'))
      .to.throw('too fast')
      .that.includes({ code: 'rate_limited', retry: true, retryAfterMs: 60_000 });
    expect(() => limits.send('bob')).not.to.throw();
  });

  it('let an office of thousands behind one address come back at once', () => {
    const limits = new GatewayLimits(readGatewayConfig({}), { now: () => 0 });
    for (let i = 0; i < 5_000; i++) expect(limits.connect('198.51.100.1')).to.equal(0);
  });

  it('stop an address whose connections come to nothing, for as long as it takes', () => {
    let now = 0;
    const limits = new GatewayLimits(readGatewayConfig({ RATE_LIMIT_CONNECT_FAILED: '2/10s' }), {
      now: () => now,
    });
    for (let i = 0; i < 9; i++) limits.failed('198.51.100.1');
    expect(limits.connect('198.51.100.1')).to.equal(5_000);
    expect(limits.connect('198.51.100.2')).to.equal(0);
    now = 5_000;
    expect(limits.connect('198.51.100.1')).to.equal(0);
  });
});
