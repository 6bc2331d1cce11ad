import { expect } from 'chai';
import { createDates } from '../../../client/src/lib/chat/dates.ts';
import { RowBuilder, type Row } from '../../../client/src/lib/chat/rows.ts';
import { signedOutText } from '../../../client/src/lib/chat/signed-out.ts';
import { MOMENT, Reading } from '../../../client/src/lib/scroll/reading.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

const rowsOf = (seqs: readonly number[]): readonly Row[] => {
  const sender = { id: 'a', username: 'a', displayName: 'A' };
  const items = seqs.map((seq) => ({
    key: `m${String(seq)}`,
    pending: false,
    message: {
      ...{ room: 'r', seq, id: `m${String(seq)}`, kind: 'text' as const, sender, text: 'x', rev: seq },
      at: '2026-11-21T10:00:00Z',
    },
  }));
  const options = { unreadAfter: undefined, atStart: false, me: 'me' };
  return new RowBuilder(createDates('en-GB', 'UTC')).build(items, options);
};

/** A reader of messages with these numbers, three of which are in view, the first of them that at `top`. */
const reader = (seqs: readonly number[], readSeq: number, top: number, atStart = true) => {
  const time = new VirtualTime();
  const state = { rows: rowsOf(seqs), top, readSeq, mayRead: true };
  const marked: number[] = [];
  const reading = new Reading(
    {
      rows: () => state.rows,
      inView: () => ({ first: state.top, last: state.top + 2 }),
      atStart: () => atStart,
      readSeq: () => state.readSeq,
      mayRead: () => state.mayRead,
      mark: (seq) => {
        marked.push(seq);
        state.readSeq = Math.max(state.readSeq, seq);
      },
    },
    (ms, run) => time.after(ms, run),
  );
  reading.look();
  const scroll = (to: number): void => {
    state.top = to;
    reading.look();
  };
  const jump = (to: number): void => {
    reading.jumped();
    scroll(to);
  };
  const focus = (on: boolean): void => {
    state.mayRead = on;
    if (on) reading.look();
    else reading.stop();
  };
  return { time, marked, focus, scroll, jump };
};
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('reading by what is in view', () => {
  it('takes a moment, and goes to the last message in view', async () => {
    const { time, marked } = reader([4, 5, 7, 8, 9], 4, 0);
    await time.pass(MOMENT - 1);
    expect(marked).to.deep.equal([]);
    await time.pass(1);
    expect(marked).to.deep.equal([7]);
  });

  it('goes along with a reader who scrolls, not more often than once a moment', async () => {
    const { time, marked, scroll } = reader(upTo(100), 0, 0);
    for (let top = 1; top <= 40; top += 1) {
      scroll(top);
      await time.pass(MOMENT / 10);
    }
    await time.pass(2 * MOMENT);
    expect(marked).to.have.length.within(4, 7);
    expect(marked).to.deep.equal(marked.toSorted((a, b) => a - b));
    expect(marked.at(-1)).to.equal(43);
  });

  it('counts what a quick hand scrolled by, once the hand rests', async () => {
    const { time, marked, scroll } = reader(upTo(300), 0, 0);
    scroll(150);
    await time.pass(2 * MOMENT);
    expect(marked).to.deep.equal([3, 153]);
  });

  it('does not count what was jumped over, until the reader comes to it', async () => {
    const { time, marked, jump, scroll } = reader(upTo(300), 10, 8);
    jump(200);
    await time.pass(2 * MOMENT);
    scroll(205);
    await time.pass(2 * MOMENT);
    expect(marked).to.deep.equal([]);
    scroll(9);
    await time.pass(MOMENT);
    expect(marked).to.deep.equal([12]);
  });

  it('waits where more that is unread may stand before the rows', async () => {
    const { time, marked } = reader(upTo(10), 0, 0, false);
    await time.pass(2 * MOMENT);
    expect(marked).to.deep.equal([]);
  });

  it('ends while nobody looks', async () => {
    const { time, marked, focus, scroll } = reader(upTo(10), 0, 0);
    await time.pass(MOMENT / 2);
    focus(false);
    scroll(4);
    await time.pass(2 * MOMENT);
    expect(marked).to.deep.equal([]);
    focus(true);
    await time.pass(MOMENT);
    expect(marked).to.deep.equal([7]);
  });

  it('never goes back', async () => {
    const { time, marked, scroll } = reader(upTo(20), 15, 3);
    scroll(0);
    await time.pass(2 * MOMENT);
    expect(marked).to.deep.equal([]);
  });
});

describe('why one is signed out', () => {
  it('is a sentence for people, whatever the server calls it', () => {
    expect(signedOutText('session ended')).to.match(/^You were signed out from another device/);
    expect(signedOutText('token not accepted')).to.match(/^Your session is not valid any more\./);
    expect(signedOutText('Your session has ended.')).to.equal('Your session has ended.');
  });
});
