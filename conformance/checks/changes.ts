import { section } from '../check.ts';
import type { Message, Problem } from '../client/types.ts';
import type { User } from '../client/user.ts';
import { expectEqual, expectThat } from '../expect.ts';

/** Edits and deletes. */
export const changes = section('changing-messages', (check) => {
  check('an edit gives the message with its new text, editedAt and a higher rev', async (t) => {
    const room = await t.room();
    const message = await t.ann.say(room.id, 'as it was');
    const edited = await edit(t.ann, message, 'as it is');
    expectEqual([edited.seq, edited.id, edited.at], [message.seq, message.id, message.at], 'seq, id and at');
    expectEqual([edited.text, edited.editedAt !== undefined], ['as it is', true], 'text and editedAt');
    expectThat(edited.rev > message.rev, `a rev above ${message.rev}`, edited.rev);
  });

  check('a change reaches all sockets of all members under the log’s number', async (t) => {
    const room = await t.room();
    const sockets = await t.sockets(t.ann, t.ann, t.bob);
    const message = await t.ann.say(room.id, 'as it was');
    const edited = await edit(t.ann, message, 'as it is');
    for (const socket of sockets) {
      const change = await socket.next('change', (f) => f.room === room.id);
      expectEqual([change.seq, change.message], [edited.rev, edited], 'seq and message');
    }
  });

  check('an edit of somebody else’s message is forbidden, also to the owner', async (t) => {
    const room = await t.room();
    const message = await t.bob.say(room.id, 'mine');
    const { status } = await t.ann.call('PATCH', at(message), { text: 'yours' });
    expectEqual(status, 403, 'the status');
  });

  check('an edit without a text, or with one that is too long, is invalid', async (t) => {
    const room = await t.room();
    const message = await t.ann.say(room.id, 'text');
    for (const body of [
      {},
      { text: '' },
      { text: 'x'.repeat(8_001) },
      { text: 'a\0' },
      { text: 'x', kind: 'y' },
    ])
      expectEqual((await t.ann.call('PATCH', at(message), body)).status, 400, 'the status');
  });

  check('a change of a message that is not there, or of a notice, is refused', async (t) => {
    const room = await t.room();
    const notice = (await t.ann.page(room.id)).messages.find(({ kind }) => kind === 'notice');
    expectEqual(
      (await t.ann.call('PATCH', `/rooms/${room.id}/messages/999`, { text: 'x' })).status,
      404,
      'the status',
    );
    if (notice === undefined) return;
    const { status } = await t.ann.call('PATCH', at(notice), { text: 'x' });
    expectThat(status === 403 || status === 404 || status === 409, '403, 404 or 409 for a notice', status);
  });

  check('a delete leaves a tombstone without text, mentions and reactions', async (t) => {
    const room = await t.room();
    const message = await t.ann.say(room.id, 'secret');
    await react(t.bob, message, '👍');
    const gone = await t.ann.must<Message>('DELETE', at(message));
    expectEqual(
      [gone.seq, gone.text, gone.deletedAt !== undefined],
      [message.seq, '', true],
      'the tombstone',
    );
    expectEqual(Object.keys(gone.reactions ?? {}), [], 'the reactions');
    const page = await t.bob.page(room.id);
    expectEqual(
      page.messages.find(({ seq }) => seq === message.seq),
      gone,
      'the message in the history',
    );
    expectThat(
      !JSON.stringify(await t.bob.log(room.id, 0)).includes('secret'),
      'no old text in the log',
      'it',
    );
  });

  check('a delete of others’ messages is for owners and admins: a member is forbidden', async (t) => {
    const room = await t.room();
    const [mine, other] = [await t.ann.say(room.id, 'of the owner'), await t.bob.say(room.id, 'of a member')];
    expectEqual((await t.bob.call('DELETE', at(mine))).status, 403, 'the status for a member');
    expectEqual((await t.ann.call('DELETE', at(other))).status, 200, 'the status for the owner');
  });

  check('a deleted message cannot be edited or reacted to', async (t) => {
    const room = await t.room();
    const message = await t.ann.say(room.id, 'gone soon');
    await t.ann.must('DELETE', at(message));
    for (const [method, path, body] of [
      ['PATCH', at(message), { text: 'back' }],
      ['PUT', `${at(message)}/reactions/${encodeURIComponent('👍')}`, undefined],
    ] as const) {
      const { status } = await t.ann.call(method, path, body);
      expectThat(status === 404 || status === 409, '404 or 409', status);
    }
  });

  check('a delete twice gives the same tombstone', async (t) => {
    const room = await t.room();
    const message = await t.ann.say(room.id, 'gone soon');
    const gone = await t.ann.must<Message>('DELETE', at(message));
    expectEqual(await t.ann.must<Message>('DELETE', at(message)), gone, 'the second answer');
  });

  check(
    'of edits at the same time each gets a number of its own, and the highest rev stands',
    async (t) => {
      const room = await t.room();
      const { socket } = await t.connect(t.bob);
      const message = await t.ann.say(room.id, 'as it was');
      const edits = await Promise.all(Array.from({ length: 6 }, (_, i) => edit(t.ann, message, `edit ${i}`)));
      expectEqual(new Set(edits.map(({ rev }) => rev)).size, 6, 'the number of revs');
      const last = edits.reduce((a, b) => (b.rev > a.rev ? b : a));
      const frame = await socket.next('change', (f) => f.room === room.id && f.message.rev === last.rev);
      const { messages } = await t.bob.page(room.id);
      expectEqual(
        messages.find(({ seq }) => seq === message.seq),
        last,
        'the message in the history',
      );
      expectEqual(frame.message, last, 'the message in the frame');
    },
    { seconds: 2 },
  );
});

/** Reactions. */
export const reactions = section('changing-messages', (check) => {
  check('a reaction is counted once a user, however often it is put', async (t) => {
    const room = await t.room();
    const message = await t.ann.say(room.id, 'like it?');
    const first = await react(t.bob, message, '👍');
    const again = await react(t.bob, message, '👍');
    expectEqual(again.reactions, { '👍': { count: 1, users: [t.bob.id] } }, 'the reactions');
    expectEqual(again.rev, first.rev, 'the rev');
    const both = await react(t.ann, message, '👍');
    expectEqual(both.reactions?.['👍']?.count, 2, 'the count');
    expectEqual([...(both.reactions?.['👍']?.users ?? [])].sort(), [t.ann.id, t.bob.id].sort(), 'the users');
  });

  check('a reaction that is taken back is gone, also if it never was', async (t) => {
    const room = await t.room();
    const message = await t.ann.say(room.id, 'like it?');
    await react(t.bob, message, '👍');
    for (let i = 0; i < 2; i++) {
      const after = await t.bob.must<Message>('DELETE', reaction(message, '👍'));
      expectEqual(Object.keys(after.reactions ?? {}), [], 'the reactions');
    }
  });

  check('reactions of many at once are all counted', async (t) => {
    const room = await t.room([t.bob, t.carl]);
    const message = await t.ann.say(room.id, 'like it?');
    await Promise.all(
      [t.ann, t.bob, t.carl].flatMap((user) => ['👍', '❤️'].map((emoji) => react(user, message, emoji))),
    );
    const { messages } = await t.ann.page(room.id);
    const counts = messages.find(({ seq }) => seq === message.seq)?.reactions;
    expectEqual([counts?.['👍']?.count, counts?.['❤️']?.count], [3, 3], 'the counts');
  });

  check(
    'a message takes 20 different emojis, one more is refused',
    async (t) => {
      const room = await t.room();
      const message = await t.ann.say(room.id, 'all of them');
      const emojis = Array.from({ length: 21 }, (_, i) => String.fromCodePoint(0x1f600 + i));
      for (const emoji of emojis.slice(0, 20)) await react(t.ann, message, emoji);
      const { status, body } = await t.ann.call<Problem>('PUT', reaction(message, emojis[20] ?? ''));
      expectThat(status === 400 || status === 409, '400 or 409', [status, body.code]);
      expectEqual(Object.keys((await react(t.bob, message, '😀')).reactions ?? {}).length, 20, 'the number');
    },
    { seconds: 2 },
  );

  check('a reaction that is no emoji is invalid', async (t) => {
    const room = await t.room();
    const message = await t.ann.say(room.id, 'text');
    for (const word of ['x'.repeat(100), 'a b', '<b>'])
      expectEqual((await t.ann.call('PUT', reaction(message, word))).status, 400, `the status of ${word}`);
  });
});

const at = (message: Message): string => `/rooms/${message.room}/messages/${message.seq}`;
const reaction = (message: Message, emoji: string): string =>
  `${at(message)}/reactions/${encodeURIComponent(emoji)}`;
const edit = (user: User, message: Message, text: string): Promise<Message> =>
  user.must('PATCH', at(message), { text });
const react = (user: User, message: Message, emoji: string): Promise<Message> =>
  user.must('PUT', reaction(message, emoji));
