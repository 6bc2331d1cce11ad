import { expect } from 'chai';
import fc from 'fast-check';
import { Findings } from '../../../load/check/findings.ts';
import { FOREIGN, NOTHING, RoomLedger } from '../../../load/check/room-ledger.ts';
import { SeqBits } from '../../../load/check/seq-bits.ts';
import { View } from '../../../load/check/view.ts';
import type { Member } from '../../../load/worker/member.ts';
import { hasAll, missing } from '../../../load/worker/judge.ts';

const WINDOW = 64;

function ledger(): { ledger: RoomLedger; counts: () => object; findings: Findings } {
  const findings = new Findings();
  const made = new RoomLedger('room', WINDOW, new Int32Array(10), findings);
  made.begin(0);
  return { ledger: made, findings, counts: () => findings.told().counts };
}
const CLEAN = { lost: 0, duplicated: 0, disordered: 0, contradicted: 0 };

describe('SeqBits', () => {
  it('is a set of numbers, also when packed and merged', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(numbers, numbers, fc.nat(5_000), (a, b, above) => {
        const [one, other] = [new SeqBits(), new SeqBits()];
        for (const seq of a) one.add(seq);
        for (const seq of b) other.add(seq);
        one.addAll(SeqBits.from(structuredClone(other.pack())));
        const expected = [...new Set([...a, ...b])].toSorted((x, y) => x - y);
        expect([...one.all()]).to.deep.equal(expected);
        expect([...one.all(above)]).to.deep.equal(expected.filter((seq) => seq > above));
        expect(one).to.include({ count: expected.length, max: expected.at(-1) });
        expect(expected.every((seq) => one.has(seq))).to.equal(true);
        expect(one.has(above)).to.equal(expected.includes(above));
      }),
    );
  });
});

describe('View', () => {
  it('knows up to the first hole, whatever the order', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.integer({ min: 1, max: 40 })), (head, steps) => {
        const view = new View(head);
        const heard = new Set<number>();
        for (const step of steps) {
          const seq = head + step;
          expect(view.heard(seq)).to.equal(!heard.has(seq));
          heard.add(seq);
          let known = head;
          while (heard.has(known + 1)) known += 1;
          expect(view.known).to.equal(known);
          expect(view.hasHole).to.equal([...heard].some((other) => other > known));
        }
      }),
    );
  });

  it('takes the log’s word for everything up to a number', () => {
    const view = new View(10);
    view.heard(13);
    view.heard(16);
    view.readTo(14);
    expect(view).to.include({ known: 14, hasHole: true });
    view.heard(15);
    expect(view).to.include({ known: 16, hasHole: false });
  });
});

describe('RoomLedger', () => {
  it('finds nothing where each lane stands once and in order, whatever the wire did', () => {
    const { ledger: room, counts } = ledger();
    // Out of order and twice, with a void and somebody else's message between.
    for (const [seq, lane, n] of [
      [2, 1, 1],
      [1, 0, 1],
      [2, 1, 1],
      [4, 0, 2],
      [3, NOTHING, 0],
      [6, 0, 3],
      [5, FOREIGN, 0],
      [1, 0, 1],
    ] as const)
      room.shown(seq, lane, n);
    expect(counts()).to.deep.equal(CLEAN);
    expect(room.nothing).to.deep.equal([3]);
  });

  it('finds a message under two numbers', () => {
    const { ledger: room, findings } = ledger();
    room.shown(1, 3, 1);
    room.shown(2, 3, 2);
    room.shown(3, 3, 1);
    expect(findings.told().counts).to.deep.equal({ ...CLEAN, duplicated: 1 });
    expect(findings.told().examples.duplicated).to.deep.equal(['room lane 3 message 1 stands at 1 and at 3']);
  });

  it('finds a message that was acknowledged under another number than it is shown under', () => {
    const { ledger: room, counts } = ledger();
    room.shown(1, 3, 1);
    room.shown(2, 3, 1); // the ack of a retry
    expect(counts()).to.deep.equal({ ...CLEAN, duplicated: 1 });
  });

  it('finds a message behind a later one of its lane', () => {
    const { ledger: room, counts } = ledger();
    room.shown(1, 3, 2);
    room.shown(2, 3, 1);
    expect(counts()).to.deep.equal({ ...CLEAN, disordered: 1 });
  });

  it('finds two sockets that were shown different things under one number', () => {
    const { ledger: room, counts } = ledger();
    room.shown(1, 3, 1);
    room.shown(1, 3, 2);
    room.shown(1, NOTHING, 0);
    expect(counts()).to.deep.equal({ ...CLEAN, contradicted: 2 });
  });

  it('says what it could not judge when a hole outlives its window', () => {
    const { ledger: room, findings } = ledger();
    for (let seq = 2; seq <= 200; seq++) room.shown(seq, 0, seq);
    expect(findings.told().counts).to.deep.equal(CLEAN);
    expect(findings.told().unjudged).to.be.above(0);
    room.shown(201, 0, 201);
    room.shown(202, 0, 100);
    expect(findings.told().counts.disordered).to.equal(1);
  });
});

describe('the judgement of a socket', () => {
  const socket = (view: View): Member =>
    ({ seat: { index: 4 }, places: [{ room: 'room', view }] }) as unknown as Member;
  const acked = (...seqs: number[]): Map<string, SeqBits> => {
    const bits = new SeqBits();
    for (const seq of seqs) bits.add(seq);
    return new Map([['room', bits]]);
  };

  it('is clean when all that was acknowledged after it came is in its view', () => {
    const view = new View(10);
    for (const seq of [11, 12, 13]) view.heard(seq);
    const findings = new Findings();
    expect(hasAll(socket(view), acked(9, 11, 13))).to.equal(true);
    missing(socket(view), acked(9, 11, 13), findings);
    expect(findings.total).to.equal(0);
  });

  it('counts each message that is not', () => {
    const view = new View(10);
    for (const seq of [11, 13]) view.heard(seq);
    const findings = new Findings();
    expect(hasAll(socket(view), acked(11, 12, 13, 14))).to.equal(false);
    missing(socket(view), acked(11, 12, 13, 14), findings);
    expect(findings.told().counts.lost).to.equal(2);
    expect(findings.told().examples.lost[0]).to.equal('room 12 is not in the view of socket 4');
  });
});
