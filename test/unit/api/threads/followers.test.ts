import { expect } from 'chai';
import { followers } from '../../../../api/services/threads/behind.ts';
import type { LogEntry } from '../../../../api/store/log.ts';

const id = (digit: number): string => `${digit}`.repeat(24);
const entry = (seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
  id: id(0),
  room: id(9),
  seq,
  rev: seq,
  kind: 'text',
  at: new Date(0),
  ...more,
});

describe('who follows a thread from a reply on', () => {
  const root = entry(3, { sender: id(1) });

  it('is who wrote it, who started the thread and who is mentioned, each from what they have not seen', () => {
    const reply = entry(7, { sender: id(2), thread: 3, mentions: [id(3), 'room'] });
    expect(followers(reply, root).map(({ user, readSeq, again }) => [user, readSeq, again])).to.deep.equal([
      [id(2), 7, true],
      [id(1), 3, false],
      [id(3), 6, false],
    ]);
  });

  it('is each of them once', () => {
    const reply = entry(7, { sender: id(1), thread: 3, mentions: [id(1), id(1)] });
    expect(followers(reply, root).map(({ user }) => user)).to.deep.equal([id(1)]);
  });

  it('is not the one a notice is about', () => {
    const reply = entry(7, { sender: id(2), thread: 3 });
    expect(followers(reply, { ...root, kind: 'notice' }).map(({ user }) => user)).to.deep.equal([id(2)]);
  });
});
