import { expect } from 'chai';
import { memoryRoomCache } from '../../../shared/sdk/memory-cache.ts';
import type { Message } from '../../../shared/wire/rest.ts';
import { isSnapshot, snapshotOf, viewOf } from '../../../shared/wire/snapshot.ts';
import { applyPage, beginLoad, EMPTY_VIEW, hear, missing, olderThan } from '../../../shared/wire/view.ts';
import { roomCacheContract } from '../../contract/room-cache.ts';

const message = (seq: number, text = `text ${seq}`): Message => ({
  ...{ room: 'r', seq, id: `m${seq}`, kind: 'text', text, rev: seq, at: '2026-01-01T00:00:00.000Z' },
  sender: { id: 'bob', username: 'bob', displayName: 'Bob' },
});
const messages = (from: number, to: number): Message[] =>
  Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
const loaded = (from: number, to: number) =>
  applyPage(beginLoad(EMPTY_VIEW), { messages: messages(from, to), head: to, complete: [from, to] });
const LIMITS = { messages: 5, size: 100_000 };

describe('The room cache in memory', () => {
  roomCacheContract(() => Promise.resolve(memoryRoomCache()));
});

describe('A snapshot of a view', () => {
  it('is the newest messages up to the position, and says from where on it is whole', () => {
    const snapshot = snapshotOf(loaded(1, 20), LIMITS);
    expect(snapshot).to.deep.include({ from: 16, known: 20 });
    expect(snapshot?.messages.map(({ seq }) => seq)).to.deep.equal([16, 17, 18, 19, 20]);
    expect(snapshotOf(loaded(18, 20), LIMITS)?.from).to.equal(18);
  });

  it('does not hold what came above a hole', () => {
    const snapshot = snapshotOf(hear(loaded(1, 3), 5, message(5)), LIMITS);
    expect(snapshot).to.deep.include({ from: 1, known: 3 });
    expect(snapshot?.messages).to.have.length(3);
  });

  it('is none before a page was loaded', () => {
    expect(snapshotOf(EMPTY_VIEW, LIMITS)).to.equal(undefined);
    expect(snapshotOf(hear(EMPTY_VIEW, 1, message(1)), LIMITS)).to.equal(undefined);
  });

  it('is bounded by size as well: the oldest go first', () => {
    const view = hear(loaded(1, 3), 4, message(4, 'x'.repeat(2_000)));
    expect(snapshotOf(view, { messages: 100, size: 2_400 })?.messages.map(({ seq }) => seq)).to.deep.equal([
      3, 4,
    ]);
  });

  it('does not count replies: behind a long talk in a thread stands what was said in the room', () => {
    const talk = messages(4, 40).map((reply) => ({ ...reply, thread: 2 }));
    const view = talk.reduce((before, reply) => hear(before, reply.seq, reply), loaded(1, 3));
    expect(snapshotOf(view, LIMITS)).to.deep.include({ from: 1, known: 40 });
    expect(snapshotOf(view, { ...LIMITS, messages: 2 })?.from).to.equal(2);
  });

  it('becomes a view that goes on with the log and with older pages', () => {
    const snapshot = snapshotOf(loaded(1, 20), LIMITS);
    const view = viewOf(snapshot!);
    expect(missing(view)).to.equal(undefined);
    expect(olderThan(view)).to.equal(16);
    expect(hear(view, 21, message(21)).messages.at(-1)?.seq).to.equal(21);
    expect(missing(hear(view, 23, message(23)))).to.deep.equal({ after: 20, told: 23 });
  });

  it('is told from what is none', () => {
    const whole = { from: 1, known: 2, messages: messages(1, 2) };
    expect(isSnapshot(whole)).to.equal(true);
    for (const broken of [
      ...[undefined, null, 'text', {}, { ...whole, from: 0 }, { ...whole, known: 'two' }],
      ...[
        { ...whole, messages: messages(2, 3) },
        { ...whole, messages: messages(1, 2).toReversed() },
      ],
      ...[
        { ...whole, messages: [null] },
        { ...whole, messages: [{ seq: 1 }] },
      ],
    ])
      expect(isSnapshot(broken), JSON.stringify(broken)).to.equal(false);
  });
});
