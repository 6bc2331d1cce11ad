import { section } from '../check.ts';
import { expectEqual, expectPresent, expectThat } from '../expect.ts';

/** Read and received marks. */
export const receipts = section('cursors-and-unread-counts', (check) => {
  check('a read reaches one’s other sockets and, in a small room, the other members', async (t) => {
    const room = await t.room();
    const [b1, b2, a] = await t.sockets(t.bob, t.bob, t.ann);
    const { seq } = await t.ann.say(room.id, 'read me');
    b1?.send({ type: 'read', room: room.id, seq });
    for (const socket of [b2, a])
      await socket?.next('read', (f) => f.room === room.id && f.user === t.bob.id && f.seq === seq);
    expectEqual((await t.bob.room(room.id)).me.readSeq, seq, 'readSeq');
  });

  check('a read over REST reaches one’s sockets', async (t) => {
    const room = await t.room();
    const { socket } = await t.connect(t.bob);
    const { seq } = await t.ann.say(room.id, 'read me');
    const { status } = await t.bob.call('POST', `/rooms/${room.id}/read`, { seq });
    expectEqual(status, 204, 'the status');
    await socket.next('read', (f) => f.room === room.id && f.user === t.bob.id && f.seq === seq);
  });

  check('a cursor never moves back', async (t) => {
    const room = await t.room();
    const said = await t.ann.sayMany(room.id, 3);
    const last = expectPresent(said.at(-1), 'a message').seq;
    await t.bob.must('POST', `/rooms/${room.id}/read`, { seq: last });
    await t.bob.must('POST', `/rooms/${room.id}/read`, { seq: last - 2 });
    expectEqual((await t.bob.room(room.id)).me.readSeq, last, 'readSeq');
  });

  check('a cursor never passes the head', async (t) => {
    const room = await t.room();
    const { seq } = await t.ann.say(room.id, 'the last');
    await t.bob.must('POST', `/rooms/${room.id}/read`, { seq: seq + 1_000 });
    expectEqual((await t.bob.room(room.id)).me.readSeq, seq, 'readSeq');
  });

  check('ready tells the cursor, after any absence', async (t) => {
    const room = await t.room();
    const { seq } = await t.ann.say(room.id, 'read elsewhere');
    await t.bob.must('POST', `/rooms/${room.id}/read`, { seq });
    expectEqual((await t.connect(t.bob)).ready.rooms[room.id]?.[1], seq, 'readSeq');
  });

  check('a got reaches the others as read with got, and GET members', async (t) => {
    const room = await t.room();
    const [b, a] = await t.sockets(t.bob, t.ann);
    const { seq } = await t.ann.say(room.id, 'delivered?');
    b?.send({ type: 'got', rooms: { [room.id]: seq } });
    await a?.next('read', (f) => f.room === room.id && f.user === t.bob.id && f.got === seq);
    const member = (await t.ann.members(room.id)).find(({ user }) => user.id === t.bob.id);
    expectEqual(
      [member?.gotSeq, (member?.readSeq ?? 0) < seq],
      [seq, true],
      'gotSeq, and an unmoved readSeq',
    );
  });

  check('a read in a room one is not in is not_found over REST, and nothing over the socket', async (t) => {
    const room = await t.room();
    expectEqual((await t.carl.call('POST', `/rooms/${room.id}/read`, { seq: 1 })).status, 404, 'the status');
    const { socket } = await t.connect(t.carl);
    socket.send({ type: 'read', room: room.id, seq: 1 });
    await socket.alive();
    expectEqual(socket.all('error'), [], 'the errors');
  });

  const bad: Readonly<Record<string, object>> = {
    'read without seq': { type: 'read', room: 'f'.repeat(24) },
    'read with a negative seq': { type: 'read', room: 'f'.repeat(24), seq: -1 },
    'got without rooms': { type: 'got' },
    'got with a seq that is text': { type: 'got', rooms: { ['f'.repeat(24)]: '1' } },
    'typing without room': { type: 'typing' },
    'watch of more than 500 users': {
      type: 'watch',
      users: Array.from({ length: 501 }, (_, i) => i.toString(16).padStart(24, '0')),
    },
    'away without a word whether': { type: 'away' },
    'away with text': { type: 'away', away: 'true' },
    'auth without token': { type: 'auth' },
  };
  for (const [what, frame] of Object.entries(bad)) {
    check(`a frame ${what} is invalid, and the socket stays`, async (t) => {
      const { socket } = await t.connect(t.ann);
      socket.sendText(JSON.stringify(frame));
      const error = await socket.next('error');
      expectEqual([error.code, error.retry, error.clientId], ['invalid', false, undefined], 'the error');
      await socket.alive();
    });
  }
});

/** How many messages one has not read. */
export const unread = section('cursors-and-unread-counts', (check) => {
  check('unread counts texts of others, outside threads, not deleted, above readSeq', async (t) => {
    const room = await t.room();
    const said = await t.ann.sayMany(room.id, 4);
    const root = expectPresent(said[0], 'a message');
    await t.ann.say(room.id, 'in a thread', { thread: root.seq });
    await t.bob.say(room.id, 'my own');
    await t.ann.must('PATCH', `/rooms/${room.id}`, { topic: 'a notice' });
    await t.ann.must('DELETE', `/rooms/${room.id}/messages/${said[1]?.seq}`);
    expectEqual((await t.bob.room(room.id)).me.unread, 3, 'unread');
    await t.bob.must('POST', `/rooms/${room.id}/read`, { seq: root.seq });
    expectEqual((await t.bob.room(room.id)).me.unread, 2, 'unread, after one was read,');
  });

  check('a send moves no cursor', async (t) => {
    const room = await t.room();
    await t.ann.say(room.id, 'unread');
    const before = (await t.bob.room(room.id)).me;
    await t.bob.say(room.id, 'mine');
    const { me } = await t.bob.room(room.id);
    expectEqual([me.readSeq, me.unread], [before.readSeq, 1], 'readSeq and unread');
  });

  check(
    'unread is counted up to 100, and is 0 once all is read',
    async (t) => {
      const room = await t.room();
      await Promise.all(Array.from({ length: 105 }, (_, i) => t.ann.say(room.id, `many ${i}`)));
      const { me, head } = await t.bob.room(room.id);
      expectEqual(me.unread, 100, 'unread');
      await t.bob.must('POST', `/rooms/${room.id}/read`, { seq: head });
      expectEqual((await t.bob.room(room.id)).me.unread, 0, 'unread');
    },
    { seconds: 3 },
  );

  check('the list of rooms and the room itself count alike', async (t) => {
    const room = await t.room();
    await t.ann.sayMany(room.id, 3);
    const listed = (await t.bob.rooms()).find(({ id }) => id === room.id);
    expectEqual(listed?.me, (await t.bob.room(room.id)).me, 'me');
  });
});

/** What is shown and forgotten. */
export const presence = section('watch', (check) => {
  check('typing reaches the other members, and nobody outside', async (t) => {
    const room = await t.room();
    const [a, b, c] = await t.sockets(t.ann, t.bob, t.carl);
    a?.send({ type: 'typing', room: room.id });
    await b?.next('typing', (f) => f.room === room.id && f.user === t.ann.id);
    await c?.alive();
    expectEqual(
      c?.all('typing').filter((f) => f.room === room.id).length,
      0,
      'the number of typings outside',
    );
  });

  check('typing in a room one is not in goes nowhere', async (t) => {
    const room = await t.room();
    const [a, c] = await t.sockets(t.ann, t.carl);
    c?.send({ type: 'typing', room: room.id });
    await t.ann.say(room.id, 'marker');
    await a?.next('message', ({ text }) => text === 'marker');
    expectEqual(a?.all('typing').length, 0, 'the number of typings');
  });

  check(
    'who is watched is told as online, and as offline some time after the last socket closed',
    async (t) => {
      const guest = await t.fresh();
      const { socket: watcher } = await t.connect(t.ann);
      const { socket } = await t.connect(guest);
      watcher.send({ type: 'watch', users: [guest.id] });
      const told = (online: boolean, within: number) =>
        watcher.next(
          'presence',
          ({ users }) => users.some((u) => u.user === guest.id && u.online === online),
          within,
        );
      await told(true, 15_000);
      const listed = await t.ann.must<{ presence: { user: string; online: boolean }[] }>(
        'GET',
        `/presence?users=${guest.id}`,
      );
      expectThat(listed.presence[0]?.online === true, 'the same over REST', listed);
      await socket.close();
      await told(false, 40_000);
    },
    { seconds: 20 },
  );

  check(
    'who is at none of their devices is told as away, and as there once they are back at one',
    async (t) => {
      const guest = await t.fresh();
      const { socket: watcher } = await t.connect(t.ann);
      const [desk, phone] = await t.sockets(guest, guest);
      watcher.send({ type: 'watch', users: [guest.id] });
      const told = (away: boolean) =>
        watcher.next(
          'presence',
          ({ users }) => users.some((u) => u.user === guest.id && u.online && (u.away === true) === away),
          20_000,
        );
      await told(false);
      desk?.send({ type: 'away', away: true });
      await desk?.alive();
      phone?.send({ type: 'away', away: true });
      await told(true);
      const listed = await t.ann.must<{ presence: { online: boolean; away?: boolean }[] }>(
        'GET',
        `/presence?users=${guest.id}`,
      );
      expectThat(listed.presence[0]?.away === true, 'the same over REST', listed);
      phone?.send({ type: 'away', away: false });
      await told(false);
    },
    { seconds: 20 },
  );

  check(
    'a watch replaces the one before',
    async (t) => {
      const [one, other] = [await t.fresh(), await t.fresh()];
      const { socket: watcher } = await t.connect(t.ann);
      watcher.send({ type: 'watch', users: [one.id] });
      watcher.send({ type: 'watch', users: [other.id] });
      await t.sockets(one, other);
      await watcher.next(
        'presence',
        ({ users }) => users.some((u) => u.user === other.id && u.online),
        15_000,
      );
      const about = watcher.all('presence').flatMap(({ users }) => users.map(({ user }) => user));
      expectThat(!about.includes(one.id), 'nothing of who is watched no more', about);
    },
    { seconds: 8 },
  );
});
