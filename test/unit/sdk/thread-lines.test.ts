import { expect } from 'chai';
import { threadLines } from '../../../shared/sdk/thread-lines.ts';
import type { Message } from '../../../shared/wire/rest.ts';

const ann = { id: 'ann', username: 'ann', displayName: 'Ann' };
const bob = { id: 'bob', username: 'bob', displayName: 'Bob' };
const message = (seq: number, more: Partial<Message> = {}): Message => ({
  ...{ room: 'r', seq, id: `m${seq}`, kind: 'text', sender: ann, text: 't', at: `at ${seq}`, rev: seq },
  ...more,
});
const NONE = new Map();

describe('the line below a root', () => {
  it('counts the replies that are held, and names who wrote them, the latest first', () => {
    const messages = [
      message(1),
      message(2, { thread: 1 }),
      message(3, { thread: 1, sender: bob }),
      message(4),
    ];
    expect(threadLines(messages, 1, NONE)).to.deep.equal(
      new Map([[1, { replies: 2, seq: 3, at: 'at 3', users: [bob, ann] }]]),
    );
  });

  it('leaves deleted replies out, and goes with the last one', () => {
    const messages = [message(1), message(2, { thread: 1, deletedAt: 'now' })];
    expect(threadLines(messages, 1, NONE).size).to.equal(0);
  });

  it('is what the server counted where not everything is held', () => {
    const root = message(1, { replies: 7, lastReply: { seq: 90, at: 'then', users: [bob] } });
    expect(threadLines([root], 50, NONE).get(1)).to.deep.equal({
      ...{ replies: 7, seq: 90, at: 'then', users: [bob] },
    });
    expect(threadLines([root], 1, NONE).size, 'its own count is the truth').to.equal(0);
  });

  it('stays the same object while nothing changes', () => {
    const messages = [message(1), message(2, { thread: 1 })];
    const before = threadLines(messages, 1, NONE);
    expect(threadLines([...messages], 1, before).get(1)).to.equal(before.get(1));
  });
});
