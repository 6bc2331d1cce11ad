import { expect } from 'chai';
import { ThreadState } from '../../../shared/sdk/thread.ts';
import type { Message, MessagePage } from '../../../shared/wire/rest.ts';

describe('a thread that is opened', () => {
  const reply = (seq: number): Message => ({
    ...{
      room: 'r',
      seq,
      id: `m${String(seq)}`,
      kind: 'text',
      text: `reply ${String(seq)}`,
      rev: seq,
      at: '',
    },
    ...(seq === 1 ? {} : { thread: 1 }),
    sender: { id: 'bob', username: 'bob', displayName: 'Bob' },
  });
  const page = (from: number, to: number): MessagePage => ({
    messages: Array.from({ length: to - from + 1 }, (_, i) => reply(from + i)),
    head: 300,
    complete: [from, to],
  });

  it('has no hole where the newest replies are read anew while earlier ones are on their way', async () => {
    const answers: ((answer: MessagePage) => void)[] = [];
    const thread = new ThreadState({
      ...{ room: 'r', root: 1 },
      fetch: () => new Promise((resolve) => answers.push(resolve)),
      rows: () => [],
      acked: () => [],
      parts: () => ({ me: undefined, thresholds: { read: 0, delivered: 0 } }),
      send: () => '',
      read: () => undefined,
      follow: () => Promise.resolve(),
      onKeep: () => undefined,
    });
    const opened = thread.open();
    answers.shift()?.(page(100, 300));
    await opened;
    const older = thread.loadOlder();
    await new Promise(setImmediate);
    const again = thread.open();
    const [answerOlder, answerAgain] = answers;
    answerAgain?.(page(250, 300));
    await again;
    answerOlder?.(page(50, 99));
    await older;
    const seqs = thread.timeline.get().items.map(({ message }) => ('seq' in message ? message.seq : 0));
    expect(seqs).to.deep.equal(seqs.map((_, i) => (seqs[0] ?? 0) + i));
  });
});
