import { expect } from 'chai';
import { Fifo } from '../../../load/fifo.ts';
import { Schedule } from '../../../load/schedule.ts';

describe('Schedule', () => {
  it('gives each intended time once, however late it is asked', () => {
    const schedule = new Schedule(100, 1_000);
    expect(schedule.due(999)).to.equal(undefined);
    expect(schedule.wait(990)).to.equal(10);
    expect(schedule.due(1_000)).to.equal(1_000);
    const late: number[] = [];
    for (let at = schedule.due(1_055); at !== undefined; at = schedule.due(1_055)) late.push(at);
    expect(late).to.deep.equal([1_010, 1_020, 1_030, 1_040, 1_050]);
    expect(schedule.wait(1_055)).to.equal(5);
  });

  it('is never due at rate 0', () => {
    const schedule = new Schedule(0, 0);
    expect(schedule.due(1e12)).to.equal(undefined);
    expect(schedule.wait(1e12)).to.equal(Infinity);
  });
});

describe('Fifo', () => {
  it('gives back in order what was put in, also after thousands', () => {
    const fifo = new Fifo<number>();
    const out: number[] = [];
    for (let i = 0; i < 10_000; i++) {
      fifo.push(i);
      if (i % 3 === 0) out.push(fifo.shift() ?? -1);
    }
    while (fifo.size > 0) out.push(fifo.shift() ?? -1);
    expect(out).to.deep.equal(Array.from({ length: 10_000 }, (_, i) => i));
    expect(fifo.shift()).to.equal(undefined);
  });
});
