import { section } from '../check.ts';
import { expectEqual, expectThat } from '../expect.ts';

const NOWHERE = 'f'.repeat(24);

/** Authenticating. */
export const hello = section('hello', (check) => {
  check('a token that is none closes with 4401, after a bye', async (t) => {
    const socket = await t.open().opened();
    socket.send({ type: 'hello', token: 'forged' });
    expectEqual((await socket.closed()).code, 4401, 'the close code');
    expectEqual(socket.all('bye').length, 1, 'the number of byes');
  });

  check('a token with a changed signature closes with 4401', async (t) => {
    const socket = await t.open().opened();
    const [head = '', claims = '', signature = ''] = t.ann.token.split('.');
    const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    socket.send({ type: 'hello', token: [head, claims, other].join('.') });
    expectEqual((await socket.closed()).code, 4401, 'the close code');
  });

  check('a refresh token does not open a socket', async (t) => {
    const socket = await t.open().opened();
    socket.send({ type: 'hello', token: t.ann.session.refreshToken });
    expectEqual((await socket.closed()).code, 4401, 'the close code');
  });

  check('a hello with bad fields gets an error, and a better one is taken', async (t) => {
    const socket = await t.open().opened();
    socket.sendText('{"type":"hello"}');
    expectEqual((await socket.next('error')).code, 'invalid', 'the code');
    socket.send({ type: 'hello', token: t.ann.token });
    await socket.next('ready');
  });

  check('a hello that names more than 1,000 rooms is invalid', async (t) => {
    const socket = await t.open().opened();
    const rooms = Object.fromEntries(
      Array.from({ length: 1_001 }, (_, i) => [i.toString(16).padStart(24, '0'), 1]),
    );
    socket.sendText(JSON.stringify({ type: 'hello', token: t.ann.token, rooms }));
    expectEqual((await socket.next('error')).code, 'invalid', 'the code');
  });

  check('frames sent right behind hello are handled after ready', async (t) => {
    const socket = await t.open().opened();
    const room = await t.room();
    socket.send({ type: 'hello', token: t.ann.token });
    const answer = await socket.say(room.id, t.id(), 'early');
    expectEqual(answer.type, 'ack', 'the answer');
    const types = socket.received.map(({ type }) => type);
    expectThat(types.indexOf('ready') < types.indexOf('ack'), 'ready before the ack', types);
  });
});

/** The answer to hello. */
export const ready = section('ready', (check) => {
  check('ready names the user, the session and a heartbeat of at most 25 s', async (t) => {
    const { ready: frame } = await t.connect(t.ann);
    expectEqual(frame.user, t.ann.id, 'the user');
    const { sessions } = await t.ann.must<{ sessions: { id: string; current: boolean }[] }>(
      'GET',
      '/auth/sessions',
    );
    expectEqual(frame.session, sessions.find(({ current }) => current)?.id, 'the session');
    expectThat(frame.heartbeat >= 1 && frame.heartbeat <= 25, 'a heartbeat of 1 to 25', frame.heartbeat);
  });

  check('ready names exactly the rooms of GET /rooms, with head, readSeq and v', async (t) => {
    await t.room();
    const rooms = await t.ann.rooms();
    const { ready: frame } = await t.connect(t.ann);
    const expected = Object.fromEntries(rooms.map(({ id, head, me, v }) => [id, [head, me.readSeq, v]]));
    expectEqual(sorted(frame.rooms), sorted(expected), 'the rooms');
  });

  check('a user without rooms gets a ready without rooms', async (t) => {
    const guest = await t.fresh();
    expectEqual((await t.connect(guest)).ready.rooms, {}, 'the rooms');
  });

  check('a room named in hello that is not one’s own is not in ready, and nothing of it comes', async (t) => {
    const room = await t.room();
    await t.ann.say(room.id, 'not for Carl');
    const { socket, ready: frame } = await t.connect(t.carl, { [room.id]: 0, [NOWHERE]: 0 });
    expectThat(!(room.id in frame.rooms) && !(NOWHERE in frame.rooms), 'neither room in ready', frame.rooms);
    await t.ann.say(room.id, 'not for Carl either');
    await socket.alive();
    expectEqual(socket.all('message').length + socket.all('gap').length, 0, 'the number of frames');
  });
});

const sorted = (rooms: Readonly<Record<string, unknown>>): unknown =>
  Object.entries(rooms).sort(([a], [b]) => (a < b ? -1 : 1));
