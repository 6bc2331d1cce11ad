import { expect } from 'chai';
import { pino } from 'pino';
import { Breaker } from '../../../api/services/breaker.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

const never = (): Promise<never> => new Promise<never>(() => undefined);
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(String, (error: unknown) => error);

describe('the breaker before Redis', () => {
  function setup() {
    const time = new VirtualTime();
    const redis = { isBack: false, probes: 0 };
    const probe = async (): Promise<void> => {
      redis.probes += 1;
      if (!redis.isBack) throw new Error('away');
    };
    return { time, redis, breaker: new Breaker({ probe, logger: pino({ level: 'silent' }), time }) };
  }

  it('gives and throws what the work does, and stays closed', async () => {
    const { breaker, time, redis } = setup();
    const failure = new Error('no');
    expect(await breaker.run(() => Promise.resolve(7))).to.equal(7);
    expect(await caught(breaker.run(() => Promise.reject(failure)))).to.equal(failure);
    await time.pass(10_000);
    expect(breaker.isOpen).to.equal(false);
    expect(redis.probes).to.equal(0);
  });

  it('makes the first wait 300 ms and no one after it', async () => {
    const { breaker, time } = setup();
    const first = caught(breaker.run(never));
    await time.pass(299);
    expect(breaker.isOpen).to.equal(false);
    await time.pass(1);
    expect(await first).to.include({ code: 'unavailable' });
    let began = false;
    const second = breaker.run(async () => void (began = true));
    expect(await caught(second)).to.include({ code: 'unavailable' });
    expect(began).to.equal(false);
  });

  it('closes when a probe is answered', async () => {
    const { breaker, time, redis } = setup();
    void caught(breaker.run(never));
    await time.pass(1_300);
    expect(redis.probes).to.equal(4);
    redis.isBack = true;
    await time.pass(250);
    expect(breaker.isOpen).to.equal(false);
    expect(await breaker.run(() => Promise.resolve(1))).to.equal(1);
    await time.pass(5_000);
    expect(redis.probes).to.equal(5);
  });

  it('does not take a standstill of its own process for a Redis that hangs', async () => {
    const { breaker, time } = setup();
    let answer: () => void = () => undefined;
    const work = breaker.run(() => new Promise<void>((resolve) => (answer = resolve)));
    time.standStill(2_000);
    await time.pass(1);
    answer();
    await work;
    await time.pass(1_000);
    expect(breaker.isOpen).to.equal(false);
  });
});
