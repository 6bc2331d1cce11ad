import { expect } from 'chai';
import type { Overheard, Trouble } from '../../chaos/evidence.ts';
import { merge, without } from '../../chaos/judge/spans.ts';
import { arrivals, change, first, kinds } from './evidence.ts';

const trouble = (part: Trouble['part'], from: number, to: number, isDeath = true): Trouble => ({
  ...{ part, from, to, isDeath, name: part },
});
const overheard = (after: number, overrides: Partial<Overheard> = {}): Overheard => ({
  ...{ user: 'bob', room: 'r', who: 'd', what: 'message', removedAt: 40_000, at: 40_000 + after },
  isClean: true,
  ...overrides,
});

describe('the chaos judge of delivery', () => {
  const never = [undefined, 110, undefined, 310];

  it('catches a message that a connected reader never got, or got too late', () => {
    expect(kinds({ arrivals: [arrivals(never)] })).to.deep.equal(['late']);
    expect(kinds({ arrivals: [arrivals([undefined, 110, 9_000, 310])] })).to.deep.equal([]);
    expect(kinds({ arrivals: [arrivals([undefined, 110, 15_000, 310])] })).to.deep.equal(['late']);
  });
  it('catches a change that a reader never got', () => {
    const changes = [change('edit', 'new')];
    const rest = { changes, ...first({ text: 'new', isEdited: true, rev: 4 }) };
    expect(kinds({ ...rest, arrivals: [arrivals([undefined, 110, 210, 310, 410])] })).to.deep.equal([]);
    expect(kinds({ ...rest, arrivals: [arrivals([undefined, 110, 210, 310])] })).to.deep.equal(['late']);
  });
  it('counts from when the cluster is whole and the reader connected', () => {
    const late = arrivals([undefined, 110, 25_000, 310]);
    expect(kinds({ arrivals: [late], troubles: [trouble('gateway', 0, 20_000)] })).to.deep.equal([]);
    expect(kinds({ arrivals: [{ ...late, connected: [{ from: 20_000, to: 60_000 }] }] })).to.deep.equal([]);
    expect(kinds({ arrivals: [late], troubles: [trouble('gateway', 0, 9_000)] })).to.deep.equal(['late']);
  });
  it('says nothing where it was never calm for long enough', () => {
    const troubles = Array.from({ length: 12 }, (_, i) => trouble('gateway', i * 5_000, i * 5_000 + 100));
    expect(kinds({ arrivals: [arrivals(never)], troubles })).to.deep.equal([]);
  });
  it('gives 30 s where Redis and an API node were in trouble', () => {
    const troubles = [trouble('redis', 0, 0), trouble('api', 0, 100)];
    expect(kinds({ arrivals: [arrivals([undefined, 110, 29_000, 310])], troubles })).to.deep.equal([]);
    expect(kinds({ arrivals: [arrivals(never)], troubles })).to.deep.equal(['late']);
  });
});

describe('the chaos judge of removals', () => {
  it('catches what reaches one who was removed', () => {
    expect(kinds({ overheard: [overheard(900)] })).to.deep.equal([]);
    expect(kinds({ overheard: [overheard(4_000)] })).to.deep.equal(['overheard']);
  });
  it('gives 30 s where something was wrong at the time, or the first answer was lost', () => {
    const troubles = [trouble('redis', 39_000, 39_500)];
    expect(kinds({ overheard: [overheard(20_000)], troubles })).to.deep.equal([]);
    expect(kinds({ overheard: [overheard(40_000)], troubles })).to.deep.equal(['overheard']);
    expect(kinds({ overheard: [overheard(20_000, { isClean: false })] })).to.deep.equal([]);
  });
});

describe('spans', () => {
  it('merge into as few as possible', () => {
    const spans = [
      { from: 5, to: 7 },
      { from: 0, to: 2 },
      { from: 1, to: 3 },
      { from: 6, to: 6 },
    ];
    expect(merge(spans)).to.deep.equal([
      { from: 0, to: 3 },
      { from: 5, to: 7 },
    ]);
  });
  it('lose what lies in holes', () => {
    const holes = [
      { from: 2, to: 3 },
      { from: 9, to: 20 },
    ];
    expect(
      without(
        [
          { from: 0, to: 10 },
          { from: 12, to: 13 },
        ],
        holes,
      ),
    ).to.deep.equal([
      { from: 0, to: 2 },
      { from: 3, to: 9 },
    ]);
  });
});
