import { expect } from 'chai';
import { Threads } from '../../../shared/sdk/threads.ts';
import type { Message, ThreadInfo, ThreadList } from '../../../shared/wire/rest.ts';
import { until } from './world.ts';

describe('the threads one follows', () => {
  const info = (seq: number, unread = 0): ThreadInfo => ({
    room: 'r',
    following: true,
    readSeq: 0,
    unread,
    message: { room: 'r', seq, id: String(seq), lastReply: { seq: seq + 1, at: '', users: [] } } as never,
  });
  /** A server with these threads, in pages of `size`. */
  const world = (all: readonly ThreadInfo[], size: number) => {
    const asked: (string | undefined)[] = [];
    const threads = new Threads({
      api: {
        followedThreads: (cursor?: string): Promise<ThreadList> => {
          asked.push(cursor);
          const from = Number(cursor ?? 0);
          const page = all.slice(from, from + size);
          const next = from + size < all.length ? { next: String(from + size) } : {};
          return Promise.resolve({ threads: page, ...next });
        },
        readThread: () => Promise.resolve(),
        followThread: () => Promise.resolve(),
      },
      me: () => 'me',
      blocked: () => new Set(['rude']),
      warn: () => undefined,
    });
    return { threads, asked };
  };
  const many = (count: number): ThreadInfo[] => Array.from({ length: count }, (_, i) => info(i + 1, i % 2));

  it('are all read when the socket is ready, also beyond one page', async () => {
    const { threads } = world(many(25), 10);
    threads.onReady();
    const list = await until(threads.list, ({ length }) => length === 25);
    expect(list.filter(({ unread }) => unread > 0)).to.have.lengthOf(12);
    threads.clear();
  });

  it('count replies as they come, none of one’s own and none of whom one blocked', async () => {
    const { threads, asked } = world([info(1)], 10);
    threads.onReady();
    await until(threads.list, ({ length }) => length === 1);
    const reply = (seq: number, id: string) =>
      ({ room: 'r', seq, thread: 1, at: '', sender: { id, username: id, displayName: id } }) as Message;
    for (const [n, who] of ['me', 'rude', 'other'].entries()) threads.onMessage(reply(10 + n, who));
    expect(threads.list.get()[0]).to.deep.include({ unread: 1 });
    expect(threads.list.get()[0]?.message.replies).to.equal(3);
    asked.length = 0;
    threads.onBlocked();
    await until(threads.list, () => asked.length === 1);
    threads.clear();
  });

  it('are held up to a limit', async () => {
    const { threads, asked } = world(many(1_500), 100);
    threads.onReady();
    const list = await until(threads.list, ({ length }) => length >= 1_000);
    await until(threads.loaded, (loaded) => loaded);
    expect(list).to.have.lengthOf(1_000);
    expect(asked).to.have.lengthOf(10);
    threads.clear();
  });

  it('cost one page when one of the first changes, and those behind stay', async () => {
    const { threads, asked } = world(many(25), 10);
    threads.onReady();
    await until(threads.list, ({ length }) => length === 25);
    asked.length = 0;
    threads.onChange({ room: 'r', seq: 3 } as Message);
    await until(threads.list, () => asked.length === 1);
    expect(threads.list.get()).to.have.lengthOf(25);
    threads.onChange({ room: 'r', seq: 22 } as Message);
    await until(threads.list, () => asked.length === 4);
    expect(threads.list.get()).to.have.lengthOf(25);
    threads.clear();
  });
});
