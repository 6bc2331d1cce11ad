import { expect } from 'chai';
import { judge, type RoomView, type Stored } from '../../reliability/judge.ts';
import { Ledger } from '../../reliability/ledger.ts';

const ROOM = 'r';
const row = (seq: number, clientId = `c${seq}`): Stored => ({ seq, id: `m${seq}`, sender: 'ann', clientId });

/** Two messages of one lane, sent, acknowledged, stored, and shown to one reader. */
function setup() {
  const ledger = new Ledger();
  for (const n of [1, 2]) {
    ledger.sent({ room: ROOM, sender: 'ann', clientId: `c${n}`, lane: 'l', n });
    ledger.acked({ room: ROOM, clientId: `c${n}`, seq: n });
    ledger.saw({ room: ROOM, seq: n, id: `m${n}` });
  }
  const view = (messages = [1, 2], from = 0): RoomView => ({
    ...{ reader: 'bob/0', room: ROOM, from },
    messages: new Set(messages),
  });
  const kinds = (rows = [row(1), row(2)], views = [view()]) =>
    judge(ledger, new Map([[ROOM, rows]]), views).map(({ kind }) => kind);
  return { ledger, view, kinds };
}

describe('judge of the reliability experiments', () => {
  it('is content when everything is there once, in order, in every view', () => {
    expect(setup().kinds()).to.deep.equal([]);
  });

  it('misses an acknowledged message that is not stored, or not where it was said to be', () => {
    const { kinds, view } = setup();
    expect(kinds([row(1)], [view([1])])).to.deep.equal(['lost']);
    expect(kinds([row(1), row(3, 'c2')], [])).to.deep.equal(['lost']);
  });

  it('finds a message stored twice', () => {
    const { kinds } = setup();
    expect(kinds([row(1), row(2), row(3, 'c1')], [])).to.include('doubled');
  });

  it("finds one sender's messages out of order", () => {
    const { kinds } = setup();
    expect(kinds([row(1, 'c2'), row(2, 'c1')], [])).to.include('order');
  });

  it('finds what a view lacks, but not what came before its reader', () => {
    const { kinds, view } = setup();
    expect(kinds(undefined, [view([2])])).to.deep.equal(['missing']);
    expect(kinds(undefined, [view([2], 1)])).to.deep.equal([]);
  });

  it('finds what a view shows and nobody stored', () => {
    const { kinds, view } = setup();
    expect(kinds(undefined, [view([1, 2, 3])])).to.deep.equal(['foreign']);
  });

  it('finds two messages shown under one number', () => {
    const { ledger, kinds } = setup();
    ledger.saw({ room: ROOM, seq: 2, id: 'other' });
    expect(kinds()).to.deep.equal(['conflict']);
  });

  it('finds a send that was refused for good', () => {
    const { ledger, kinds } = setup();
    ledger.refused({ clientId: 'c9', code: 'invalid' });
    expect(kinds()).to.deep.equal(['refused']);
  });
});
