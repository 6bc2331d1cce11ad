import { section } from '../check.ts';
import type { Message } from '../client/types.ts';
import { expectEqual, expectThat } from '../expect.ts';

/** The same clientId gives the first message. */
export const idempotency = section('clientid', (check) => {
  check(
    'a clientId used first is answered with 201 over REST, again with 200 and the first message',
    async (t) => {
      const room = await t.room();
      const send = (text: string) =>
        t.ann.call<Message>('POST', `/rooms/${room.id}/messages`, { clientId: 'same', text });
      const [first, again] = [await send('the first body'), await send('another body')];
      expectEqual([first.status, again.status], [201, 200], 'the two status');
      expectEqual(again.body, first.body, 'the second answer to be');
    },
  );

  check('a clientId used again over the socket is acknowledged with the first seq and id', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    const first = await socket.say(room.id, 'same', 'the first body');
    const again = await socket.say(room.id, 'same', 'another body');
    expectEqual(again, first, 'the second ack to be');
  });

  check('a clientId used over REST is known to the socket, and the other way round', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    const rest = await t.ann.say(room.id, 'REST first', { clientId: 'one' });
    const ack = await socket.say(room.id, 'one', 'then the socket');
    expectEqual([ack.type, ack.type === 'ack' && ack.id], ['ack', rest.id], 'the answer');
    const second = await socket.say(room.id, 'two', 'socket first');
    const again = await t.ann.say(room.id, 'then REST', { clientId: 'two' });
    expectEqual(
      ['ack', again.id, again.text],
      [second.type, second.type === 'ack' && second.id, 'socket first'],
      'it',
    );
  });

  check(
    'one clientId sent ten times at once, over REST and two sockets, makes one message',
    async (t) => {
      const room = await t.room();
      for (let round = 0; round < 5; round++) {
        const clientId = `race ${round}`;
        const sockets = await t.sockets(t.ann, t.ann);
        const answers = await Promise.all([
          ...Array.from(
            { length: 6 },
            async (_, i) => (await t.ann.say(room.id, `REST ${i}`, { clientId })).seq,
          ),
          ...sockets.flatMap((socket, n) =>
            Array.from({ length: 2 }, async (_, i) => {
              const answer = await socket.say(room.id, clientId, `socket ${n} ${i}`);
              return answer.type === 'ack' ? answer.seq : answer;
            }),
          ),
        ]);
        expectEqual(new Set(answers).size, 1, 'the number of different answers');
        const { messages } = await t.ann.page(room.id);
        expectEqual(messages.filter((m) => m.clientId === clientId).length, 1, 'the number of messages');
      }
    },
    { seconds: 3 },
  );

  check('the same clientId of another sender, or in another room, is another message', async (t) => {
    const [room, other] = [await t.room(), await t.room()];
    const ids = [
      (await t.ann.say(room.id, 'a', { clientId: 'same' })).id,
      (await t.bob.say(room.id, 'b', { clientId: 'same' })).id,
      (await t.ann.say(other.id, 'c', { clientId: 'same' })).id,
    ];
    expectEqual(new Set(ids).size, 3, 'the number of messages');
  });

  check('clientIds that differ in case or in a trailing blank are different', async (t) => {
    const room = await t.room();
    const seqs = [];
    for (const clientId of ['id', 'ID', 'id ']) seqs.push((await t.ann.say(room.id, 'x', { clientId })).seq);
    expectEqual(new Set(seqs).size, 3, 'the number of messages');
  });

  check('a number that a retry took in vain is told as a void, or never used', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.bob);
    await t.ann.say(room.id, 'first', { clientId: 'same' });
    await t.ann.say(room.id, 'again', { clientId: 'same' });
    const { seq } = await t.ann.say(room.id, 'next');
    await socket.next('message', (m) => m.room === room.id && m.seq === seq);
    const heard = [...socket.all('message'), ...socket.all('void')].filter((f) => f.room === room.id);
    const seqs = new Set(heard.map((frame) => frame.seq));
    for (let n = room.head + 1; n <= seq; n++) expectThat(seqs.has(n), `number ${n} to be heard`, [...seqs]);
  });

  check('a retry after an edit or a delete gives the message as it now stands', async (t) => {
    const room = await t.room();
    const first = await t.ann.say(room.id, 'first', { clientId: 'same' });
    const at = `/rooms/${room.id}/messages/${first.seq}`;
    await t.ann.must('PATCH', at, { text: 'edited' });
    const edited = await t.ann.say(room.id, 'again', { clientId: 'same' });
    expectEqual([edited.id, edited.text], [first.id, 'edited'], 'id and text');
    await t.ann.must('DELETE', at);
    const gone = await t.ann.say(room.id, 'and again', { clientId: 'same' });
    expectEqual([gone.id, gone.text, gone.deletedAt !== undefined], [first.id, '', true], 'the tombstone');
  });
});
