import { expect } from 'chai';
import fc from 'fast-check';
import { createDates } from '../../../client/src/lib/chat/dates.ts';
import { countNewAfter, RowBuilder, type Row, type RowOptions } from '../../../client/src/lib/chat/rows.ts';
import type { TimelineItem } from '../../../shared/sdk/types.ts';

const dates = createDates('en-GB', 'UTC');
const START = Date.parse('2026-11-21T10:00:00Z');
const MINUTE = 60_000;
const options: RowOptions = { unreadAfter: undefined, atStart: false, me: 'me' };

function item(seq: number, sender: string, minutes: number, kind: 'text' | 'notice' = 'text'): TimelineItem {
  const at = new Date(START + minutes * MINUTE).toISOString();
  const author = { id: sender, username: sender, displayName: sender };
  const message = { room: 'r', seq, id: `m${String(seq)}`, kind, sender: author, text: 'x', at, rev: seq };
  return { key: message.id, message, pending: false };
}
const build = (items: readonly TimelineItem[], changes: Partial<RowOptions> = {}): readonly Row[] =>
  new RowBuilder(dates).build(items, { ...options, ...changes });

describe('message rows', () => {
  it('stand under one name while one author writes within five minutes', () => {
    const rows = build([item(1, 'a', 0), item(2, 'a', 4), item(3, 'a', 9.5), item(4, 'b', 10)]);
    expect(rows.map((row) => row.head)).to.deep.equal([true, false, true, true]);
    expect(rows.map((row) => row.tail)).to.deep.equal([false, true, true, true]);
  });

  it('never group with a notice', () => {
    const rows = build([item(1, 'a', 0), item(2, 'a', 1, 'notice'), item(3, 'a', 2)]);
    expect(rows.every((row) => row.head)).to.equal(true);
  });

  it('give up their name and their day where earlier ones of their group come in before them', () => {
    const [first, second] = [item(2, 'a', 1), item(3, 'a', 2)];
    const [alone] = build([first, second]);
    expect(alone).to.include({ head: true, newDay: true });
    const [, joined, last] = build([item(1, 'a', 0), first, second]);
    expect(joined).to.include({ head: false, newDay: false });
    expect(last).to.include({ head: false, newDay: false });
  });

  it('begin a new day at local midnight', () => {
    const rows = build([item(1, 'a', 0), item(2, 'a', 14 * 60 - 1), item(3, 'a', 14 * 60)]);
    expect(rows.map((row) => row.newDay)).to.deep.equal([true, false, true]);
  });

  it('put the unread line above the first later message of others', () => {
    const rows = build([item(1, 'a', 0), item(2, 'me', 1), item(3, 'a', 2), item(4, 'a', 3)], {
      unreadAfter: 1,
    });
    expect(rows.map((row) => row.unread)).to.deep.equal([false, false, true, false]);
    expect(rows[2]?.head).to.equal(true);
  });

  it('put it above nothing of whom one blocked', () => {
    const items = [item(1, 'a', 0), item(2, 'rude', 1), item(3, 'a', 2)];
    const rows = build(items, { unreadAfter: 1, silenced: new Set(['rude']) });
    expect(rows.map((row) => row.unread)).to.deep.equal([false, false, true]);
    expect(countNewAfter(items, 'm1', { me: 'me', silenced: new Set(['rude']) })).to.equal(1);
  });

  it('tell the beginning above the first row only', () => {
    const rows = build([item(1, 'a', 0), item(2, 'a', 1)], { atStart: true });
    expect(rows.map((row) => row.start)).to.deep.equal([true, false]);
  });

  it('stay the same objects when nothing about them changed', () => {
    const builder = new RowBuilder(dates);
    const items = [item(1, 'a', 0), item(2, 'b', 1)];
    const before = builder.build(items, options);
    const after = builder.build([...items, item(3, 'c', 2)], options);
    expect(after[0]).to.equal(before[0]);
    expect(after[1]).to.equal(before[1]);
  });

  it('are one per item, in order, with one unread line at most, whatever comes', () => {
    const any = fc.record({ sender: fc.constantFrom('a', 'b', 'me'), gap: fc.integer({ min: 0, max: 900 }) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), fc.integer({ min: 0, max: 40 }), (list, unreadAfter) => {
        let minutes = 0;
        const items = list.map(({ sender, gap }, index) => item(index + 1, sender, (minutes += gap)));
        const rows = build(items, { unreadAfter });
        expect(rows.map((row) => row.key)).to.deep.equal(items.map((each) => each.key));
        expect(rows.filter((row) => row.unread).length).to.be.at.most(1);
        rows.forEach((row, index) => {
          expect(row.tail).to.equal(rows[index + 1]?.head ?? true);
        });
      }),
    );
  });

  it('are the same list where nothing of them is told anew', () => {
    const builder = new RowBuilder(dates);
    const items = [item(1, 'a', 0), item(2, 'a', 1)];
    const rows = builder.build(items, options);
    expect(builder.build(items, { ...options })).to.equal(rows);
    expect(builder.build(items, { ...options, atStart: true })).to.not.equal(rows);
    expect(builder.build([...items], options)[1]).to.equal(rows[1]);
  });
});

describe('countNewAfter', () => {
  const items = [
    item(1, 'a', 0),
    item(2, 'me', 1),
    item(3, 'b', 2),
    item(4, 'b', 3, 'notice'),
    item(5, 'b', 4),
  ];
  it('counts messages of others behind the last one seen', () => {
    expect(countNewAfter(items, 'm1', { me: 'me' })).to.equal(2);
  });
  it('is 0 without a place, or with one that is gone', () => {
    expect(countNewAfter(items, undefined, { me: 'me' })).to.equal(0);
    expect(countNewAfter(items, 'gone', { me: 'me' })).to.equal(0);
  });
});
