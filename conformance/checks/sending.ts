import { type Context } from '../context.ts';
import { section } from '../check.ts';
import type { Frame, Message } from '../client/types.ts';
import { expectEqual, expectPresent, expectThat } from '../expect.ts';

const NOWHERE = 'f'.repeat(24);

/** A message and its answer. */
export const sending = section('send', (check) => {
  check('a send is answered by one ack with room, seq, id and time', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    const ack = await acked(t, socket.say(room.id, 'mine', 'hello'));
    const { messages } = await t.ann.page(room.id);
    const stored = expectPresent(
      messages.find(({ clientId }) => clientId === 'mine'),
      'the message in the history',
    );
    const { seq, id, at } = stored;
    expectEqual([ack.room, ack.seq, ack.id, ack.at], [room.id, seq, id, at], 'room, seq, id and time');
    expectEqual(socket.all('ack').length, 1, 'the number of acks');
  });

  check('a message reaches all sockets of all members, the sending one included', async (t) => {
    const room = await t.room();
    const sockets = await t.sockets(t.ann, t.ann, t.bob, t.bob, t.bob);
    const [first] = sockets;
    const ack = await acked(t, expectPresent(first, 'a socket').say(room.id, 'mine', 'to all'));
    const frames = await Promise.all(
      sockets.map((s) => s.next('message', (m) => m.room === room.id && m.text === 'to all')),
    );
    for (const frame of frames) expectEqual([frame.seq, frame.id], [ack.seq, ack.id], 'seq and id');
  });

  check('a message sent over REST reaches the sockets of all members', async (t) => {
    const room = await t.room();
    const [a, b] = await t.sockets(t.ann, t.bob);
    const said = await t.ann.say(room.id, 'over REST');
    for (const socket of [a, b]) await socket?.next('message', ({ id }) => id === said.id);
  });

  check('a message frame is the message as the history has it', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.bob);
    const root = await t.ann.say(room.id, 'root');
    await t.ann.say(room.id, 'whole', { replyTo: root.seq, thread: root.seq, clientId: 'c' });
    const { type: _, ...frame } = await socket.next('message', ({ text }) => text === 'whole');
    const page = await t.bob.page(room.id);
    expectEqual(
      frame,
      page.messages.find(({ text }) => text === 'whole'),
      'the message',
    );
    expectEqual([frame.kind, frame.clientId, frame.rev], ['text', 'c', frame.seq], 'kind, clientId and rev');
    expectEqual([frame.replyTo, frame.thread], [root.seq, root.seq], 'replyTo and thread');
    expectEqual(frame.sender.id, t.ann.id, 'the sender');
    expectEqual(t.place.observer.contract.complaintsOf('Message', page.messages[0]), [], 'what is wrong');
  });

  check('a text comes back unit for unit, whatever is in it', async (t) => {
    const room = await t.room();
    const text = ' \t\n"\\ é é 👩‍👩‍👧 ‮abc ﷽ \u2028\u2029 <b>&amp; ';
    expectEqual((await t.ann.say(room.id, text)).text, text, 'the text');
    const { socket } = await t.connect(t.ann);
    await socket.say(room.id, 'mine', text);
    expectEqual((await socket.next('message', (m) => m.clientId === 'mine')).text, text, 'the text');
  });

  check('a text of 8,000 UTF-16 units is taken, one of 8,001 is invalid', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    expectEqual((await socket.say(room.id, 'full', '🙂'.repeat(4_000))).type, 'ack', 'the answer');
    await refused(socket, { room: room.id, text: `${'🙂'.repeat(4_000)}x` }, 'invalid');
  });

  check('a clientId of 64 units is taken, one of 65 is invalid', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    expectEqual((await socket.say(room.id, 'x'.repeat(64), 'long')).type, 'ack', 'the answer');
    socket.sendText(JSON.stringify({ type: 'send', room: room.id, text: 'long', clientId: 'x'.repeat(65) }));
    expectEqual((await socket.next('error')).code, 'invalid', 'the code');
    await socket.alive();
  });

  const bad: Readonly<Record<string, object>> = {
    'an empty text': { text: '' },
    'a text that is no string': { text: 7 },
    'a text with NUL': { text: 'a\0b' },
    'a text with a lone surrogate': { text: 'a\ud800b' },
    'a room that is no id': { room: 'lobby' },
    'an after that is no number': { after: '1' },
    'a negative after': { after: -1 },
    'a replyTo of 0': { replyTo: 0 },
    'a thread that is a fraction': { thread: 1.5 },
    'attachments that are no ids': { attachments: ['picture'] },
    'more than 10 attachments': {
      attachments: Array.from({ length: 11 }, (_, i) => i.toString(16).padStart(24, '0')),
    },
    'an unknown field': { sender: NOWHERE },
  };
  for (const [what, fields] of Object.entries(bad)) {
    check(`a send with ${what} is invalid, and the socket stays`, async (t) => {
      const room = await t.room();
      const { socket } = await t.connect(t.ann);
      await refused(socket, { room: room.id, text: 'text', ...fields }, 'invalid');
      await socket.alive();
    });
  }

  check('a send without clientId gets an error without clientId', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    socket.sendText(JSON.stringify({ type: 'send', room: room.id, text: 'whose?' }));
    const error = await socket.next('error');
    expectEqual([error.code, error.clientId], ['invalid', undefined], 'code and clientId');
  });

  check('a send to a room one is not in is not_found, over the socket and REST', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.carl);
    await refused(socket, { room: room.id, text: 'let me in' }, 'not_found');
    const answer = await t.carl.call('POST', `/rooms/${room.id}/messages`, { clientId: 'c', text: 'x' });
    expectEqual(answer.status, 404, 'the status');
  });

  check('a send to no room at all is not_found', async (t) => {
    const { socket } = await t.connect(t.ann);
    await refused(socket, { room: NOWHERE, text: 'echo' }, 'not_found');
  });

  check('a reply to a message that is not there is not_found', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    await refused(socket, { room: room.id, text: 'to whom?', replyTo: 4_000 }, 'not_found');
  });

  check('a thread within a thread is invalid', async (t) => {
    const room = await t.room();
    const root = await t.ann.say(room.id, 'root');
    const reply = await t.ann.say(room.id, 'reply', { thread: root.seq });
    const { socket } = await t.connect(t.ann);
    await refused(socket, { room: room.id, text: 'deeper', thread: reply.seq }, 'invalid');
  });

  check('an attachment that was never uploaded is not_found', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    await refused(socket, { room: room.id, text: 'see', attachments: [NOWHERE] }, 'not_found');
  });

  check(
    'each message that names the one before in after stands behind it, whatever way each took',
    async (t) => {
      const room = await t.room();
      const { socket } = await t.connect(t.ann);
      let after = 0;
      for (let i = 0; i < 20; i++) {
        const text = `chained ${i}`;
        const { seq } =
          i % 2 === 0
            ? await t.ann.say(room.id, text, { after })
            : await acked(t, socket.say(room.id, text, text, { after }));
        expectThat(seq > after, `a seq above ${after}`, seq);
        after = seq;
      }
      const texts = (await t.bob.page(room.id)).messages
        .filter(({ kind }) => kind === 'text')
        .map(({ text }) => text);
      expectEqual(
        texts,
        Array.from({ length: 20 }, (_, i) => `chained ${i}`),
        'the order',
      );
    },
  );

  check('an after above everything is ignored', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    const { seq } = await acked(t, socket.say(room.id, 'mine', 'text', { after: 2 ** 40 }));
    expectThat(seq < 1_000, 'a seq near the head', seq);
  });

  check('all members see one order when many send at once', async (t) => {
    const room = await t.room([t.bob, t.carl]);
    const sockets = await t.sockets(t.ann, t.bob, t.carl);
    const sends = sockets.flatMap((socket, who) =>
      Array.from({ length: 20 }, (_, i) => acked(t, socket.say(room.id, `${who}-${i}`, `${who}-${i}`))),
    );
    const seqs = (await Promise.all(sends)).map(({ seq }) => seq);
    expectEqual(new Set(seqs).size, 60, 'the number of seqs');
    const top = Math.max(...seqs);
    const views = await Promise.all(
      sockets.map(async (socket) => {
        await socket.next('message', ({ seq, room: id }) => id === room.id && seq === top);
        await t.until('all 60 messages', 5_000, async () =>
          own(socket.all('message'), room.id).length === 60 ? true : undefined,
        );
        return own(socket.all('message'), room.id).map(({ seq, id }) => `${seq} ${id}`);
      }),
    );
    for (const view of views) expectEqual(view, views[0], 'the same order');
  });

  check(
    'with more than 64 sends unanswered each is still answered: ack, or rate_limited to be tried again',
    async (t) => {
      const room = await t.room();
      const { socket } = await t.connect(t.ann);
      const answers = await Promise.all(
        Array.from({ length: 150 }, (_, i) => socket.say(room.id, `burst ${i}`, 'burst')),
      );
      for (const answer of answers) {
        if (answer.type === 'ack') continue;
        expectEqual([answer.code, answer.retry], ['rate_limited', true], 'code and retry');
        expectThat((answer.retryAfterMs ?? 0) > 0, 'a retryAfterMs', answer);
      }
      expectThat(
        answers.filter(({ type }) => type === 'ack').length >= 64,
        'at least 64 acks',
        answers.length,
      );
    },
  );
});

/** Each message once, by seq. */
function own(messages: readonly Message[], room: string): readonly Message[] {
  const bySeq = new Map(messages.filter((m) => m.room === room && m.kind === 'text').map((m) => [m.seq, m]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

async function acked(t: Context, answer: Promise<Frame<'ack' | 'error'>>): Promise<Frame<'ack'>> {
  const frame = await answer;
  if (frame.type === 'error' && frame.retry) return t.skip(`refused for now: ${frame.code} ${frame.message}`);
  expectThat(frame.type === 'ack', 'an ack', frame);
  return frame as Frame<'ack'>;
}

async function refused(
  socket: Awaited<ReturnType<Context['connect']>>['socket'],
  fields: object,
  code: string,
): Promise<void> {
  socket.sendText(JSON.stringify({ type: 'send', clientId: 'refused', ...fields }));
  const answer = await socket.answerTo('refused');
  expectThat(answer.type === 'error', `the error ${code}`, answer);
  if (answer.type === 'error') expectEqual([answer.code, answer.retry], [code, false], 'code and retry');
}
