import { expect } from 'chai';
import { spread } from '../../reliability/figures.ts';
import { readNumbers } from '../../reliability/options.ts';
import { Position } from '../../reliability/position.ts';

describe('Position of a reader', () => {
  it('stops before the first number that is missing', () => {
    const position = new Position(4);
    for (const seq of [6, 5, 8]) position.heard(seq);
    expect(position.known).to.equal(6);
    position.heard(7);
    expect(position.known).to.equal(8);
  });

  it('goes on behind what was read from the log', () => {
    const position = new Position(0);
    for (const seq of [3, 6]) position.heard(seq);
    position.readTo(5);
    expect(position.known).to.equal(6);
    position.readTo(2);
    expect(position.known).to.equal(6);
  });
});

describe('spread', () => {
  it('gives the median, the 99th percentile and the most', () => {
    const values = Array.from({ length: 200 }, (_, i) => 200 - i);
    expect(spread(values)).to.deep.equal({ count: 200, p50: 100, p99: 198, max: 200 });
  });

  it('is all zeros for nothing', () => {
    expect(spread([])).to.deep.equal({ count: 0, p50: 0, p99: 0, max: 0 });
  });
});

describe('readNumbers', () => {
  it('takes what is named and keeps the rest', () => {
    expect(readNumbers(['--rate', '5'], { rate: 1, sockets: 2 })).to.deep.equal({ rate: 5, sockets: 2 });
  });

  it('refuses what is no number or unknown', () => {
    expect(() => readNumbers(['--rate', 'x'], { rate: 1 })).to.throw('--rate must be a number');
    expect(() => readNumbers(['--rat', '1'], { rate: 1 })).to.throw();
  });
});
