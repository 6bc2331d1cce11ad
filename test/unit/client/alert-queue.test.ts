import { expect } from 'chai';
import { AlertQueue } from '../../../client/src/lib/chat/alert-queue.ts';
import type { Message } from '../../../shared/wire/rest.ts';

const PATIENCE = { message: 300, reply: 2_000 };
const message = (seq: number, more: Partial<Message> = {}): Message => ({
  ...{ room: 'r', seq, id: `m${seq}`, kind: 'text', text: 'x', rev: seq, at: '2026-03-01T08:00:00.000Z' },
  sender: { id: 'ann', username: 'ann', displayName: 'Ann' },
  ...more,
});
const all = (): boolean => true;

describe('news that wait to be told', () => {
  let queue: AlertQueue;
  const add = (
    at: number,
    messages: readonly Message[],
    { room = 'r', mentions = 0, isSeen = false } = {},
  ): void => queue.add({ room, messages, mentions }, at, PATIENCE, isSeen);
  const take = (now: number, knows: (room: string) => boolean = all): unknown[] =>
    [...queue.take(now, knows)].map(([room, news]) => [
      ...[room, news.messages.map(({ seq }) => seq), news.isNamed],
    ]);
  beforeEach(() => {
    queue = new AlertQueue();
  });

  it('are told together, room by room, once', () => {
    add(0, [message(1), message(2)]);
    add(100, [message(1)], { room: 's' });
    add(200, [message(3)]);
    expect(take(299)).to.deep.equal([]);
    expect(take(500)).to.deep.equal([
      ['r', [1, 2, 3], false],
      ['s', [1], false],
    ]);
    expect(take(5_000)).to.deep.equal([]);
  });

  it('wait longer where they are replies', () => {
    add(0, [message(1), message(2, { thread: 1 })]);
    expect(queue.next()).to.equal(300);
    expect(take(300)).to.deep.equal([['r', [1], false]]);
    expect(queue.next()).to.equal(2_000);
    expect(take(2_000)).to.deep.equal([['r', [2], false]]);
    expect(queue.next()).to.equal(undefined);
  });

  it('wait for their room to be known', () => {
    add(0, [message(1)]);
    expect(take(300, () => false)).to.deep.equal([]);
    expect(queue.next(300)).to.equal(undefined);
    expect(queue.next()).to.equal(300);
    expect(take(300)).to.deep.equal([['r', [1], false]]);
  });

  it('are told apart from what came while somebody looked', () => {
    add(0, [message(1)], { isSeen: true });
    add(0, [message(2)]);
    add(0, [], { mentions: 1, isSeen: true });
    const news = queue.take(300, all).get('r');
    expect(news).to.deep.equal({
      messages: [message(2)],
      seen: [message(1)],
      isNamed: false,
      isNamedSeen: true,
    });
  });

  it('may say no more than that somebody named one', () => {
    add(0, [], { mentions: 2 });
    expect(take(300)).to.deep.equal([['r', [], true]]);
  });

  it('are bounded: of very many the newest are kept', () => {
    add(
      0,
      Array.from({ length: 1_500 }, (_, n) => message(n + 1)),
    );
    const [[, seqs]] = take(300) as [[string, number[]]];
    expect([seqs.length, seqs.at(0), seqs.at(-1)]).to.deep.equal([1_000, 501, 1_500]);
  });

  it('are forgotten when somebody signs out', () => {
    add(0, [message(1)]);
    queue.clear();
    expect(take(300)).to.deep.equal([]);
  });
});
