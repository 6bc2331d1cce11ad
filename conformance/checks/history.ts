import type { User } from '../client/user.ts';
import { section } from '../check.ts';
import type { Message } from '../client/types.ts';
import { expectEqual, expectPresent, expectThat } from '../expect.ts';

const EMPTY = [1, 0] as const;

/** Pages of messages. */
export const pages = section('pages', (check) => {
  check('the newest page holds the last messages, ascending, up to the head', async (t) => {
    const room = await t.room();
    const said = await t.ann.sayMany(room.id, 8);
    const page = await t.bob.page(room.id, '?limit=5');
    expectEqual(seqsOf(page.messages), seqsOf(said.slice(-5)), 'the seqs');
    expectEqual(page.head, said.at(-1)?.seq, 'the head');
    expectEqual(page.complete, [said[3]?.seq, page.head], 'complete');
  });

  check('before= is exclusive and complete up to the number before', async (t) => {
    const room = await t.room();
    const said = await t.ann.sayMany(room.id, 8);
    const before = expectPresent(said[5], 'a message').seq;
    const page = await t.bob.page(room.id, `?before=${before}&limit=3`);
    expectEqual(seqsOf(page.messages), seqsOf(said.slice(2, 5)), 'the seqs');
    expectEqual(page.complete, [said[2]?.seq, before - 1], 'complete');
  });

  check('after= is exclusive and complete from the number after', async (t) => {
    const room = await t.room();
    const said = await t.ann.sayMany(room.id, 8);
    const after = expectPresent(said[2], 'a message').seq;
    const page = await t.bob.page(room.id, `?after=${after}&limit=3`);
    expectEqual(seqsOf(page.messages), seqsOf(said.slice(3, 6)), 'the seqs');
    expectEqual(page.complete, [after + 1, said[5]?.seq], 'complete');
  });

  check('around= holds the message asked for and its neighbours on both sides', async (t) => {
    const room = await t.room();
    const said = await t.ann.sayMany(room.id, 9);
    const middle = expectPresent(said[4], 'a message').seq;
    const page = await t.bob.page(room.id, `?around=${middle}&limit=5`);
    const seqs = seqsOf(page.messages);
    expectThat(
      seqs.includes(middle) && seqs.includes(middle - 1) && seqs.includes(middle + 1),
      'neighbours',
      seqs,
    );
    expectEqual(seqs.length, 5, 'the number of messages');
    expectEqual(page.complete, [seqs[0], seqs.at(-1)], 'complete');
  });

  check('an empty part is told as complete: [1, 0]', async (t) => {
    const room = await t.room();
    const { head } = await t.bob.page(room.id);
    for (const query of ['?before=1', `?after=${head}`])
      expectEqual((await t.bob.page(room.id, query)).complete, EMPTY, `complete of ${query}`);
  });

  check('walking back and walking forth give the same messages, and leave no number out', async (t) => {
    const room = await t.room();
    for (let i = 0; i < 12; i++) {
      const { seq } = await t.ann.say(room.id, `walk ${i}`, { clientId: `walk ${i}` });
      if (i % 3 === 0) await t.ann.say(room.id, 'a retry', { clientId: `walk ${i}` });
      if (i % 4 === 0)
        await t.ann.must('PATCH', `/rooms/${room.id}/messages/${seq}`, { text: `edited ${i}` });
    }
    const { head } = await t.bob.page(room.id);
    const [back, forth] = [await walkBack(t.bob, room.id, head), await walkForth(t.bob, room.id, head)];
    expectEqual(back, forth, 'the same messages');
    expectEqual(back.filter(({ kind }) => kind === 'text').length, 12, 'the number of texts');
    expectEqual(new Set(seqsOf(back)).size, back.length, 'each message once');
  });

  check('voids and changes are not listed, and messages stand as they now are', async (t) => {
    const room = await t.room();
    const { seq } = await t.ann.say(room.id, 'as it was', { clientId: 'same' });
    await t.ann.say(room.id, 'again', { clientId: 'same' });
    await t.ann.must('PATCH', `/rooms/${room.id}/messages/${seq}`, { text: 'as it is' });
    const page = await t.bob.page(room.id);
    const texts = page.messages.filter(({ kind }) => kind === 'text');
    expectEqual(
      texts.map(({ text }) => text),
      ['as it is'],
      'the texts',
    );
    expectThat(page.head > seq && page.complete[1] === page.head, 'a head above the message', page.head);
  });

  check('thread= holds the root and its replies only', async (t) => {
    const room = await t.room();
    const root = await t.ann.say(room.id, 'root');
    await t.ann.say(room.id, 'outside');
    const replies = [
      await t.bob.say(room.id, 'one', { thread: root.seq }),
      await t.ann.say(room.id, 'two', { thread: root.seq }),
    ];
    const page = await t.bob.page(room.id, `?thread=${root.seq}`);
    expectEqual(seqsOf(page.messages), seqsOf([root, ...replies]), 'the seqs');
  });

  check('a page of more than 200, an unknown parameter, or both before and after, is invalid', async (t) => {
    const room = await t.room();
    for (const query of ['limit=201', 'limit=0', 'before=x', 'before=5&after=1', 'sideways=1']) {
      const { status } = await t.bob.call('GET', `/rooms/${room.id}/messages?${query}`);
      expectEqual(status, 400, `the status of ${query}`);
    }
  });

  check('what was acknowledged is in a page read afterwards, at or below its head', async (t) => {
    const room = await t.room();
    for (let i = 0; i < 10; i++) {
      const { seq } = await t.ann.say(room.id, `fresh ${i}`);
      const page = await t.bob.page(room.id, '?limit=3');
      expectThat(page.head >= seq && seqsOf(page.messages).includes(seq), `message ${seq} in the page`, page);
    }
  });
});

/** Catching up. */
export const log = section('the-log', (check) => {
  check('the log after a number holds what is new, up to its head', async (t) => {
    const room = await t.room();
    const [held, ...missed] = await t.ann.sayMany(room.id, 5);
    const answer = await t.bob.log(room.id, held?.seq ?? 0);
    expectEqual([answer.messages, answer.changed], [missed, []], 'messages and changed');
    expectEqual([answer.to, answer.head], [missed.at(-1)?.seq, missed.at(-1)?.seq], 'to and head');
  });

  check('ten edits of an older message cost the log its present state once', async (t) => {
    const room = await t.room();
    const { seq } = await t.ann.say(room.id, 'as it was');
    let last: Message | undefined;
    for (let i = 0; i < 10; i++)
      last = await t.ann.must<Message>('PATCH', `/rooms/${room.id}/messages/${seq}`, { text: `edit ${i}` });
    const answer = await t.bob.log(room.id, seq);
    expectEqual([answer.messages, answer.changed], [[], [last]], 'messages and changed');
    expectEqual(answer.to, last?.rev, 'to');
  });

  check('a message that is new and changed is told once, as it now stands', async (t) => {
    const room = await t.room();
    const held = await t.ann.say(room.id, 'held');
    const { seq } = await t.ann.say(room.id, 'new');
    const edited = await t.ann.must<Message>('PATCH', `/rooms/${room.id}/messages/${seq}`, {
      text: 'edited',
    });
    const answer = await t.bob.log(room.id, held.seq);
    expectEqual([answer.messages, answer.changed], [[edited], []], 'messages and changed');
  });

  check('the log after its head is empty, with to at the head', async (t) => {
    const room = await t.room();
    const { seq } = await t.ann.say(room.id, 'the last');
    expectEqual(
      await t.bob.log(room.id, seq),
      { messages: [], changed: [], to: seq, head: seq },
      'the answer',
    );
  });

  check('the log without after, or with one that is no number, is invalid', async (t) => {
    const room = await t.room();
    for (const query of ['', '?after=x', '?after=-1'])
      expectEqual((await t.bob.call('GET', `/rooms/${room.id}/log${query}`)).status, 400, 'the status');
  });
});

const seqsOf = (messages: readonly { readonly seq: number }[]): number[] => messages.map(({ seq }) => seq);

async function walkBack(user: User, room: string, head: number): Promise<Message[]> {
  const found: Message[] = [];
  for (let before = head + 1; before > 1;) {
    const page = await user.page(room, `?before=${before}&limit=3`);
    expectEqual(page.complete[1], before - 1, `the upper end before ${before}`);
    found.unshift(...page.messages);
    before = page.complete[0];
  }
  return found;
}

async function walkForth(user: User, room: string, head: number): Promise<Message[]> {
  const found: Message[] = [];
  for (let after = 0; after < head;) {
    const page = await user.page(room, `?after=${after}&limit=3`);
    expectEqual(page.complete[0], after + 1, `the lower end after ${after}`);
    found.push(...page.messages);
    after = page.complete[1];
  }
  return found;
}
