import { section } from '../check.ts';
import { expectEqual } from '../expect.ts';

/** What a user does on one device and their other devices hear of. */
export const own = section('prefs', (check) => {
  check('a draft reaches one’s sockets as draft, with a v that grows', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    await t.ann.must('PUT', `/rooms/${room.id}/draft`, { text: 'Dear' });
    const first = await socket.next('draft', (f) => f.room === room.id);
    await t.ann.must('PUT', `/rooms/${room.id}/draft`, { text: '' });
    const second = await socket.next('draft', (f) => f.room === room.id && f.text === '');
    expectEqual(second.v > first.v, true, 'a higher v');
  });

  check('a draft of a thread names the thread’s root', async (t) => {
    const room = await t.room();
    const { seq: thread } = await t.ann.say(room.id, 'root');
    const { socket } = await t.connect(t.ann);
    await t.ann.must('PUT', `/rooms/${room.id}/draft`, { text: 'Dear', thread });
    const { thread: named } = await socket.next('draft', (f) => f.room === room.id);
    expectEqual(named, thread, 'the root');
  });

  check('a message to be sent later is announced as scheduled', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.ann);
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const body = { clientId: 'later', text: 'later', at };
    const { id } = await t.ann.must<{ id: string }>('POST', `/rooms/${room.id}/scheduled`, body);
    await socket.next('scheduled');
    await t.ann.must('DELETE', `/scheduled/${id}`);
  });

  check('a thread one follows reaches one’s sockets as thread', async (t) => {
    const room = await t.room();
    const { seq } = await t.ann.say(room.id, 'root');
    const { socket } = await t.connect(t.ann);
    await t.ann.must('PUT', `/rooms/${room.id}/threads/${seq}/follow`);
    const frame = await socket.next('thread', (f) => f.room === room.id && f.thread === seq);
    expectEqual(frame.following, true, 'following');
  });

  check('whom one blocks reaches one’s sockets as blocks', async (t) => {
    await t.room();
    const { socket } = await t.connect(t.ann);
    await t.ann.must('PUT', `/users/me/blocks/${t.bob.id}`);
    expectEqual((await socket.next('blocks')).users.includes(t.bob.id), true, 'bob among them');
    await t.ann.must('DELETE', `/users/me/blocks/${t.bob.id}`);
  });
});
