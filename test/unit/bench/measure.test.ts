import { expect } from 'chai';
import { SendMeter } from '../../../bench/client/send-meter.ts';
import { cpuMicros } from '../../../bench/measure/process.ts';
import { Samples } from '../../../bench/measure/samples.ts';
import { median, medianOf, percentile, spread } from '../../../bench/measure/stats.ts';

describe('statistics of the benchmarks', () => {
  it('take the middle of an odd number of values, whatever their order', () => {
    expect(median([9, 1, 5])).to.equal(5);
  });

  it('take the mean of the middle two of an even number', () => {
    expect(median([4, 1, 3, 2])).to.equal(2.5);
  });

  it('have no median of nothing', () => {
    expect(median([])).to.be.NaN;
  });

  it('take the median of each figure by itself', () => {
    const runs = [
      { a: 1, b: 30 },
      { a: 3, b: 10 },
      { a: 2, b: 20 },
    ];
    expect(medianOf(runs)).to.deep.equal({ a: 2, b: 20 });
  });

  it('tell the spread as a share of the smallest', () => {
    expect(spread([2, 2.5, 2.2])).to.be.closeTo(0.25, 1e-9);
  });

  it('name the value that a share of the values does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.5, 0.99, 1].map((share) => percentile(values, share))).to.deep.equal([50, 99, 100]);
  });
});

describe('Samples', () => {
  it('tell percentiles of what was added since they were cleared', () => {
    const samples = new Samples();
    samples.add(1_000);
    samples.clear();
    for (let ms = 1; ms <= 10_000; ms++) samples.add(ms);
    expect(samples.count).to.equal(10_000);
    expect(samples.latency()).to.deep.equal({ p50: 5_000, p99: 9_900, max: 10_000 });
  });

  it('hold no more than their limit', () => {
    const samples = new Samples(100);
    for (let ms = 0; ms < 10_000; ms++) samples.add(ms);
    expect(samples.count).to.equal(10_000);
    expect(samples.latency().max).to.be.lessThan(10_000);
  });
});

describe('the CPU time of a process', () => {
  it('grows with the work it does', async () => {
    const before = await cpuMicros(process.pid);
    const end = process.cpuUsage().user + 100_000;
    while (process.cpuUsage().user < end) Math.hypot(Math.random(), 1);
    expect((await cpuMicros(process.pid)) - before).to.be.at.least(80_000);
  });
});

describe('SendMeter', () => {
  const times = { warmUp: 0, seconds: 60 };

  it('measures what is acknowledged, and counts refusals by their reason', () => {
    const meter = new SendMeter(times);
    for (let i = 0; i < 120; i++) meter.acknowledged(performance.now());
    for (const reason of ['503', '503', '429']) meter.refused(reason);
    const { acknowledged, perSecond, total, refused, reasons } = meter.report();
    expect({ acknowledged, total, refused }).to.deep.equal({ acknowledged: 120, total: 120, refused: 3 });
    expect(perSecond).to.be.closeTo(2, 1e-9);
    expect(reasons).to.deep.equal({ '503': 2, '429': 1 });
  });

  it('leaves the warm-up out, except from what must be stored', () => {
    const meter = new SendMeter({ ...times, warmUp: 60 });
    meter.acknowledged(performance.now());
    meter.refused('503');
    expect(meter.report()).to.include({ acknowledged: 0, refused: 0, total: 1 });
  });
});
