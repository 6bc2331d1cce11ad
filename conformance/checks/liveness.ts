import { section } from '../check.ts';
import { expectEqual, expectPresent, expectThat } from '../expect.ts';

/** Signs of life. */
export const liveness = section('beat', (check) => {
  check('ping is answered by pong', async (t) => {
    const { socket } = await t.connect(t.ann);
    await socket.alive();
  });

  check(
    'a beat comes at least every 25 s and names the rooms that moved, behind their frames',
    async (t) => {
      const room = await t.room();
      const { socket } = await t.connect(t.bob);
      const { seq } = await t.ann.say(room.id, 'moved');
      const beat = await socket.next('beat', ({ rooms }) => rooms?.[room.id] !== undefined, 28_000);
      expectThat((beat.rooms?.[room.id] ?? 0) >= seq, `a position of at least ${seq}`, beat);
      const frames = socket.received;
      const heard = frames.findIndex((f) => f.type === 'message' && f.room === room.id && f.seq === seq);
      expectThat(heard >= 0 && heard < frames.indexOf(beat), 'the message before the beat', heard);
    },
    { seconds: 26 },
  );
});

/** Coming back. */
export const resuming = section('resuming', (check) => {
  check('messages missed are replayed after ready, those held are not', async (t) => {
    const room = await t.room();
    const [held] = await t.ann.sayMany(room.id, 1, 'held');
    const position = expectPresent(held, 'a message').seq;
    const missed = await t.ann.sayMany(room.id, 10, 'missed');
    const { socket } = await t.connect(t.bob, { [room.id]: position });
    await socket.next('message', ({ text }) => text === 'missed 9');
    const came = socket.all('message').filter((m) => m.room === room.id);
    expectEqual(new Set(came.map(({ seq }) => seq)), new Set(missed.map(({ seq }) => seq)), 'the seqs');
    expectEqual(socket.received[0]?.type, 'ready', 'the first frame');
  });

  check('five resumes in a row, from the same position, each replay the same', async (t) => {
    const room = await t.room();
    const position = (await t.ann.say(room.id, 'held')).seq;
    const missed = await t.ann.sayMany(room.id, 5, 'missed');
    for (let i = 0; i < 5; i++) {
      const { socket } = await t.connect(t.bob, { [room.id]: position });
      for (const { id } of missed) await socket.next('message', (m) => m.id === id);
      await socket.close();
    }
  });

  check('who missed nothing gets ready and nothing replayed', async (t) => {
    const room = await t.room();
    const { seq } = await t.ann.say(room.id, 'the last');
    const { socket, ready } = await t.connect(t.bob, { [room.id]: seq });
    expectEqual(ready.rooms[room.id]?.[0], seq, 'the head');
    await t.ann.say(room.id, 'marker');
    await socket.next('message', ({ text }) => text === 'marker');
    const frames = socket.received.filter(
      (f) => f.type === 'gap' || (f.type === 'message' && f.room === room.id),
    );
    expectEqual(frames.length, 1, 'the number of frames of the room');
  });

  check('a room not named in hello gets its head in ready, and nothing replayed', async (t) => {
    const room = await t.room();
    const said = await t.ann.sayMany(room.id, 5);
    const { socket, ready } = await t.connect(t.bob);
    expectEqual(ready.rooms[room.id]?.[0], said.at(-1)?.seq, 'the head');
    await t.ann.say(room.id, 'marker');
    await socket.next('message', ({ text }) => text === 'marker');
    const came = socket.all('message').filter((m) => m.room === room.id);
    expectEqual([came.length, socket.all('gap').length], [1, 0], 'the numbers of messages and gaps');
  });

  const changes: Readonly<Record<string, readonly [method: string, path: string, body?: object]>> = {
    'an edit': ['PATCH', '', { text: 'edited' }],
    'a delete': ['DELETE', ''],
    'a reaction': ['PUT', `/reactions/${encodeURIComponent('👍')}`],
  };
  for (const [what, [method, path, body]] of Object.entries(changes)) {
    check(`${what} missed is replayed as a change, or found in the log`, async (t) => {
      const room = await t.room();
      const { seq } = await t.ann.say(room.id, 'as it was');
      const after = await t.ann.must<{ rev: number }>(
        method,
        `/rooms/${room.id}/messages/${seq}${path}`,
        body,
      );
      const { socket } = await t.connect(t.bob, { [room.id]: seq });
      const change = await socket.next('change', (frame) => frame.room === room.id);
      expectEqual([change.seq, change.message], [after.rev, after], 'the change');
      const log = await t.bob.log(room.id, seq);
      expectEqual([log.messages, log.changed], [[], [after]], 'the log');
    });
  }

  check(
    'a thousand missed are replayed or told as a gap, and the log repairs a gap exactly',
    async (t) => {
      const room = await t.room();
      const position = (await t.ann.say(room.id, 'held')).seq;
      const sent = await Promise.all(
        Array.from({ length: 1_000 }, (_, i) => t.ann.say(room.id, `missed ${i}`)),
      );
      const { socket, ready } = await t.connect(t.bob, { [room.id]: position });
      const head = ready.rooms[room.id]?.[0] ?? 0;
      expectThat(head >= position + 1_000, 'a head above all that were sent', head);
      const seen = new Map<number, string>();
      const gap = await socket.next('gap', (frame) => frame.room === room.id, 3_000).catch(() => undefined);
      if (gap !== undefined)
        expectEqual([gap.from, gap.to <= head], [position + 1, true], 'from and to of the gap');
      for (let after = position; gap !== undefined && after < gap.to;) {
        const log = await t.bob.log(room.id, after);
        for (const { seq, id } of log.messages) {
          expectThat(!seen.has(seq), 'no message on two pages of the log', seq);
          seen.set(seq, id);
        }
        expectThat(log.to > after, `progress above ${after}`, log.to);
        after = log.to;
      }
      for (const { seq, id, room: where } of socket.all('message')) if (where === room.id) seen.set(seq, id);
      const expected = new Map(sent.map(({ seq, id }) => [seq, id] as const).sort(([a], [b]) => a - b));
      expectEqual(new Map([...seen].sort(([a], [b]) => a - b)), expected, 'exactly what was sent');
    },
    { seconds: 12 },
  );

  check('a room joined while away is in ready, one left is not', async (t) => {
    const [joined, left] = [await t.room([]), await t.room()];
    const first = await t.connect(t.bob);
    expectThat(
      left.id in first.ready.rooms && !(joined.id in first.ready.rooms),
      'the one, not the other',
      first.ready,
    );
    await first.socket.close();
    await t.ann.must('POST', `/rooms/${joined.id}/members`, { users: [t.bob.id] });
    await t.bob.must('POST', `/rooms/${left.id}/leave`);
    const { ready } = await t.connect(t.bob, { [left.id]: left.head });
    expectThat(joined.id in ready.rooms, 'the room joined', ready.rooms);
    expectThat(!(left.id in ready.rooms), 'without the room left', ready.rooms);
  });

  check('a room renamed while away has a higher v in ready', async (t) => {
    const room = await t.room();
    const renamed = await t.ann.must<{ v: number }>('PATCH', `/rooms/${room.id}`, { name: 'Renamed' });
    expectThat(renamed.v > room.v, `a v above ${room.v}`, renamed.v);
    const { ready } = await t.connect(t.bob, { [room.id]: room.head });
    expectEqual(ready.rooms[room.id]?.[2], renamed.v, 'v');
  });

  check('what is sent while a socket opens is heard by it: replayed or live', async (t) => {
    const room = await t.room();
    const sending = t.ann.sayMany(room.id, 30, 'meanwhile');
    const { socket } = await t.connect(t.bob, { [room.id]: room.head });
    for (const { id } of await sending) await socket.next('message', (m) => m.id === id);
  });
});
