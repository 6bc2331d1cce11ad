import { expect } from 'chai';
import fc from 'fast-check';
import { ListDigest } from '../../../shared/node/list-digest.ts';

type Row = readonly [room: string, readSeq: number, v: number, members: number];

const digestOf = (rows: readonly Row[]): string => {
  const digest = new ListDigest();
  for (const row of rows) digest.add(...row);
  return digest.toString();
};
const number = fc.oneof(fc.nat(5), fc.nat({ max: 2 ** 47 }));
const room = fc.nat({ max: 2 ** 40 }).map((n) => n.toString(16).padStart(24, '0'));
const rows = fc.uniqueArray(fc.tuple(room, number, number, number), {
  selector: ([id]) => id,
  maxLength: 30,
});

describe('the digest of a room list', () => {
  it('is 16 hex digits, whatever the order of the rooms', () => {
    fc.assert(
      fc.property(
        rows.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(digestOf(list)).to.match(/^[0-9a-f]{16}$/);
          expect(digestOf(shuffled)).to.equal(digestOf(list));
        },
      ),
    );
  });

  it('is another one for another list', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const same = new Set(a.map(String));
        const isSame = a.length === b.length && b.every((row) => same.has(String(row)));
        expect(digestOf(a) === digestOf(b)).to.equal(isSame);
      }),
    );
  });

  it('is another one for any one change of a number', () => {
    const change = fc.tuple(rows, fc.nat(29), fc.constantFrom(1, 2, 3), number);
    fc.assert(
      fc.property(change, ([list, at, field, value]) => {
        const row = list[at];
        fc.pre(row !== undefined && row[field] !== value);
        const changed = list.map((one, i) =>
          i === at ? (one.map((old, j) => (j === field ? value : old)) as unknown as Row) : one,
        );
        expect(digestOf(changed)).to.not.equal(digestOf(list));
      }),
      { numRuns: 1_000 },
    );
  });
});
