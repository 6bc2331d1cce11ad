import type { PersonAction } from '../../../api/rights/table.ts';
import type { ServerFrame } from '../../../shared/wire/protocol.ts';
import { CloseCode } from '../../../shared/wire/protocol.ts';
import type { Place as Origin } from '../person.ts';
import { RawSocket } from '../raw-socket.ts';
import type { PersonScene } from './person-scene.ts';
import { fine, hears, problem } from './socket-scene.ts';
import type { Answer, Who } from './world.ts';

/** One real use of frames by which a right over people is tried. */
export interface PersonFrameAct {
  readonly as?: string;
  readonly run: (scene: PersonScene, origin: Origin) => Promise<Answer>;
  readonly worked: (scene: PersonScene, body: { readonly seen: boolean }) => boolean;
  readonly where?: (scene: Pick<PersonScene, 'relation'>) => boolean;
}

const seen = (_: PersonScene, body: { readonly seen: boolean }): boolean => body.seen;

/** With sockets of these; they are closed at the end. */
async function connected<T>(
  origin: Origin,
  people: readonly Who[],
  run: (...sockets: RawSocket[]) => Promise<T>,
): Promise<T> {
  const sockets: RawSocket[] = [];
  try {
    for (const { token } of people) {
      const socket = new RawSocket(origin);
      sockets.push(socket);
      await socket.hello(token);
    }
    return await run(...sockets);
  } finally {
    for (const socket of sockets) socket.close();
  }
}

/** What becomes of a socket without a token of ours. */
async function forged(origin: Origin, token: string): Promise<Answer> {
  const socket = await new RawSocket(origin).open();
  socket.send({ type: 'hello', token });
  const { code } = await socket.closed;
  return code === CloseCode.sessionEnded ? problem('unauthorized') : fine({ code });
}

/** The third connects last: once they are seen, so is the subject, by whom it may be. */
function watch(s: PersonScene, origin: Origin): Promise<Answer> {
  s.world.tried.add(`${s.action}: watch`);
  if (s.relation === 'anonymous') return forged(origin, 'a.b.c');
  const { subject, third, caller } = s;
  return connected(origin, [subject, third, caller], async (_subjects, _thirds, mine) => {
    mine!.send({ type: 'watch', users: [subject.id, third.id] });
    const shows = (user: string) => (frame: ServerFrame) =>
      frame.type === 'presence' && frame.users.some((state) => state.user === user && state.online);
    await hears(mine!, s.relation === 'self' ? shows(subject.id) : shows(third.id));
    return fine({ seen: mine!.received.some(shows(subject.id)) });
  });
}

function away(s: PersonScene, origin: Origin): Promise<Answer> {
  s.world.tried.add(`${s.action}: away`);
  if (s.relation === 'anonymous') return forged(origin, 'a.b.c');
  const { subject, third } = s;
  return connected(origin, [subject, s.world.cast.out], async (mine, theirs) => {
    mine!.send({ type: 'away', away: true });
    theirs!.send({ type: 'watch', users: [subject.id, third.id] });
    const isAway = (frame: ServerFrame): boolean =>
      frame.type === 'presence' && frame.users.some((state) => state.user === subject.id && state.away);
    await hears(theirs!, isAway);
    return fine({ seen: true });
  });
}

function open(s: PersonScene, origin: Origin): Promise<Answer> {
  for (const frame of ['hello', 'auth', 'ping']) s.world.tried.add(`${s.action}: ${frame}`);
  const { subject, caller } = s;
  if (s.relation === 'anonymous') return forged(origin, `${subject.token}x`);
  return connected(origin, [caller], async (mine) => {
    mine!.send({ type: 'auth', token: subject.token });
    mine!.send({ type: 'ping' });
    await mine!.next('pong');
    const [error] = mine!.all('error');
    return error === undefined ? fine({ seen: true }) : problem(error.code);
  });
}

/** How each right over people is tried over the socket. */
export const PERSON_FRAME_ACTS: Readonly<Partial<Record<PersonAction, readonly PersonFrameAct[]>>> = {
  'presence.see': [{ run: watch, worked: seen }],
  'presence.seeHidden': [
    {
      // One's own sockets are not told of oneself.
      where: ({ relation }) => relation !== 'self',
      run: async (s, origin) => {
        await s.by('PATCH', '/users/me', { hidePresence: true });
        return watch(s, origin);
      },
      worked: seen,
    },
  ],
  'presence.away': [{ run: away, worked: seen }],
  'socket.open': [{ run: open, worked: seen }],
};
