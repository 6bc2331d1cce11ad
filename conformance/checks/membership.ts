import { setTimeout as sleep } from 'node:timers/promises';
import { section } from '../check.ts';
import type { Message, MyRoom } from '../client/types.ts';
import { expectEqual, expectPresent, expectThat } from '../expect.ts';

/** Coming in, and what a room's own facts do. */
export const joining = section('room', (check) => {
  check('who is added to a room gets a room frame without "me", with the head', async (t) => {
    const room = await t.room([]);
    const { socket } = await t.connect(t.bob);
    await t.ann.must('POST', `/rooms/${room.id}/members`, { users: [t.bob.id] });
    const frame = await socket.next('room', (f) => f.room.id === room.id);
    expectThat(!('me' in frame.room), 'no "me"', frame.room);
    expectThat(frame.head >= room.head, `a head of at least ${room.head}`, frame.head);
    expectEqual(frame.room.members, 2, 'the number of members');
  });

  check('a new member gets everything above the head of the room frame, and loads the rest', async (t) => {
    const room = await t.room([]);
    const { socket } = await t.connect(t.bob);
    const sending = t.ann.sayMany(room.id, 60, 'running');
    await t.ann.must('POST', `/rooms/${room.id}/members`, { users: [t.bob.id] });
    const { head } = await socket.next('room', (f) => f.room.id === room.id);
    const said = await sending;
    for (const { seq } of said)
      if (seq > head) await socket.next('message', (m) => m.room === room.id && m.seq === seq);
    const { messages } = await t.bob.page(room.id, '?limit=200');
    const loaded = new Set(messages.filter(({ seq }) => seq <= head).map(({ seq }) => seq));
    for (const { seq } of said)
      if (seq <= head) expectThat(loaded.has(seq), `message ${seq} in the page`, head);
  });

  check('a member’s send right after joining is taken', async (t) => {
    const room = await t.room([]);
    const { socket } = await t.connect(t.bob);
    await t.ann.must('POST', `/rooms/${room.id}/members`, { users: [t.bob.id] });
    expectEqual((await socket.say(room.id, 'first', 'here I am')).type, 'ack', 'the answer');
  });

  check('a new name reaches all members as a room frame with a higher v, and a notice', async (t) => {
    const room = await t.room();
    const sockets = await t.sockets(t.ann, t.bob);
    await t.ann.must('PATCH', `/rooms/${room.id}`, { name: 'Another name' });
    for (const socket of sockets) {
      const frame = await socket.next('room', (f) => f.room.id === room.id && f.room.name === 'Another name');
      expectThat(frame.room.v > room.v, `a v above ${room.v}`, frame.room.v);
      const notice = await socket.next('message', (m) => m.room === room.id && m.kind === 'notice');
      expectEqual(notice.event?.name, 'renamed', 'the event');
    }
  });

  check('a direct conversation opens by itself for the other side, who is named as peer', async (t) => {
    const guest = await t.fresh();
    const { socket } = await t.connect(t.bob);
    const dm = await guest.must<MyRoom>('POST', '/rooms', { type: 'dm', user: t.bob.username });
    const frame = await socket.next('room', (f) => f.room.id === dm.id);
    expectEqual([frame.room.type, frame.room.peer?.id], ['dm', guest.id], 'type and peer');
    const again = await t.bob.call<MyRoom>('POST', '/rooms', { type: 'dm', user: guest.id });
    expectEqual([again.status, again.body.id], [200, dm.id], 'the answer to who opens it again');
  });

  check('a public channel can be joined by anyone, a private one is not_found', async (t) => {
    const name = `conformance ${t.id()}`;
    const open = await t.ann.must<MyRoom>('POST', '/rooms', { type: 'channel', name });
    const closed = await t.ann.must<MyRoom>('POST', '/rooms', {
      type: 'channel',
      name: `${name} x`,
      public: false,
    });
    const joined = await t.carl.call<MyRoom>('POST', `/rooms/${open.id}/join`);
    expectEqual([joined.status, joined.body.me.role], [200, 'member'], 'status and role');
    expectEqual((await t.carl.call('POST', `/rooms/${closed.id}/join`)).status, 404, 'the status');
  });

  check('joining starts the read cursor at the head', async (t) => {
    const room = await t.room([]);
    await t.ann.sayMany(room.id, 3);
    await t.ann.must('POST', `/rooms/${room.id}/members`, { users: [t.bob.id] });
    const { me, head } = await t.bob.room(room.id);
    expectEqual(me.unread, 0, 'unread');
    expectThat(me.readSeq >= head - 1, 'a readSeq at the head', me);
  });

  check('a room asked for twice with the same clientId is one room', async (t) => {
    const body = { type: 'group', name: 'Once', clientId: t.id() };
    const [first, again] = [
      await t.ann.call<MyRoom>('POST', '/rooms', body),
      await t.ann.call<MyRoom>('POST', '/rooms', body),
    ];
    expectEqual([first.status, again.status, again.body.id], [201, 200, first.body.id], 'the answers');
  });
});

/** Going out. */
export const removal = section('roomremoved', (check) => {
  check('who is removed gets room.removed with a higher v', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.bob);
    await t.ann.must('DELETE', `/rooms/${room.id}/members/${t.bob.id}`);
    const { v } = await socket.next('room.removed', (f) => f.room === room.id);
    expectThat(v > room.v, `a v above ${room.v}`, v);
  });

  check(
    'from 1 s after a removal was answered nothing of the room reaches who is out, not even typing or receipts',
    async (t) => {
      const room = await t.room([t.bob, t.carl]);
      const [bob, carl] = await t.sockets(t.bob, t.carl);
      await t.ann.must('DELETE', `/rooms/${room.id}/members/${t.bob.id}`);
      await sleep(1_000);
      const frames = expectPresent(bob, 'a socket').received;
      const before = frames.length;
      const { seq } = await t.ann.say(room.id, 'without Bob');
      await t.ann.must('PATCH', `/rooms/${room.id}/messages/${seq}`, { text: 'edited without Bob' });
      await t.ann.must('PATCH', `/rooms/${room.id}`, { name: 'Without Bob' });
      carl?.send({ type: 'typing', room: room.id });
      carl?.send({ type: 'read', room: room.id, seq });
      await carl?.next('read', (f) => f.room === room.id && f.seq === seq);
      await carl?.next('typing', (f) => f.room === room.id);
      await sleep(1_500);
      await bob?.alive();
      const after = frames.slice(before).filter((frame) => JSON.stringify(frame).includes(room.id));
      expectEqual(after, [], 'the frames of the room');
    },
    { seconds: 5 },
  );

  check('who is removed cannot send, read or list: not_found', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.bob);
    await t.ann.must('DELETE', `/rooms/${room.id}/members/${t.bob.id}`);
    await socket.next('room.removed', (f) => f.room === room.id);
    const answer = await socket.say(room.id, 'late', 'still here?');
    expectEqual(
      answer.type === 'error' && [answer.code, answer.retry],
      ['not_found', false],
      'code and retry',
    );
    for (const path of ['', '/messages', '/log?after=0', '/members']) {
      expectEqual((await t.bob.call('GET', `/rooms/${room.id}${path}`)).status, 404, `the status of ${path}`);
    }
    const said = await t.bob.call('POST', `/rooms/${room.id}/messages`, { clientId: 'late', text: 'x' });
    expectEqual(said.status, 404, 'the status of a send');
  });

  check('who leaves gets room.removed on all sockets, the others a notice', async (t) => {
    const room = await t.room();
    const [b1, b2, a] = await t.sockets(t.bob, t.bob, t.ann);
    await t.bob.must('POST', `/rooms/${room.id}/leave`);
    for (const socket of [b1, b2]) await socket?.next('room.removed', (f) => f.room === room.id);
    const notice = await a?.next('message', (m) => m.room === room.id && m.kind === 'notice');
    expectEqual([notice?.event?.name, notice?.event?.users], ['left', [t.bob.id]], 'the event');
  });

  check('the only owner cannot leave: conflict', async (t) => {
    const room = await t.room();
    expectEqual((await t.ann.call('POST', `/rooms/${room.id}/leave`)).status, 409, 'the status');
  });

  check('a deleted room is gone for all members', async (t) => {
    const room = await t.room();
    const sockets = await t.sockets(t.ann, t.bob);
    await t.ann.must('DELETE', `/rooms/${room.id}`);
    for (const socket of sockets) await socket.next('room.removed', (f) => f.room === room.id);
    expectEqual((await t.bob.call('GET', `/rooms/${room.id}`)).status, 404, 'the status');
  });

  check('who is added again gets everything from then on, under a still higher v', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.bob);
    await t.ann.must('DELETE', `/rooms/${room.id}/members/${t.bob.id}`);
    const { v } = await socket.next('room.removed', (f) => f.room === room.id);
    await t.ann.must('POST', `/rooms/${room.id}/members`, { users: [t.bob.id] });
    const back = await socket.next('room', (f) => f.room.id === room.id && f.room.v > v);
    expectThat(back.room.v > v, `a v above ${v}`, back.room.v);
    const { id } = await t.ann.say(room.id, 'welcome back');
    await socket.next('message', (m: Message) => m.id === id);
  });
});

/** One's own settings, and people's names. */
export const settings = section('prefs', (check) => {
  check('own settings reach all of one’s sockets as prefs, and nobody else’s', async (t) => {
    const room = await t.room();
    const [b1, b2, a] = await t.sockets(t.bob, t.bob, t.ann);
    await t.bob.must('PATCH', `/rooms/${room.id}`, { me: { notify: 'mentions', favourite: true } });
    for (const socket of [b1, b2]) {
      const frame = await socket?.next('prefs', (f) => f.room === room.id);
      expectEqual(frame?.me, { notify: 'mentions', favourite: true }, 'the settings');
    }
    await t.bob.say(room.id, 'marker');
    await a?.next('message', ({ text }) => text === 'marker');
    expectEqual(a?.all('prefs').length, 0, 'the number of prefs for others');
  });

  check('a new role reaches who has it as prefs', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.bob);
    await t.ann.must('PATCH', `/rooms/${room.id}/members/${t.bob.id}`, { role: 'admin' });
    expectEqual((await socket.next('prefs', (f) => f.room === room.id)).me.role, 'admin', 'the role');
  });

  check('a new display name reaches those who share a room, as user', async (t) => {
    await t.room();
    const { socket } = await t.connect(t.bob);
    await t.ann.must('PATCH', '/users/me', { displayName: 'Ann the Second' });
    const { user } = await socket.next('user', (f) => f.user.id === t.ann.id);
    expectEqual(user.displayName, 'Ann the Second', 'the name');
    await t.ann.must('PATCH', '/users/me', { displayName: t.ann.username });
  });
});
