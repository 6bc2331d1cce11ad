/** The client's addresses. Pure: text in, a route out, and back. */
export type Route =
  | { readonly name: 'home' }
  | RoomRoute
  | { readonly name: 'threads' }
  | { readonly name: 'sign-in' }
  | { readonly name: 'sign-up' }
  | { readonly name: 'reset' }
  /** An empty token: the link is garbled. */
  | { readonly name: 'invite'; readonly token: string }
  | { readonly name: 'not-found' };

interface RoomRoute {
  readonly name: 'room';
  readonly id: string;
  readonly details: boolean;
  /** The root's seq of the thread beside it. */
  readonly thread?: number;
  /** The seq of a message to be shown there. */
  readonly message?: number;
}

const INVITE = /^\/invite(?:\/(.*))?$/u;
const TOKEN = /^[A-Za-z0-9_-]{16,64}$/u;
const ROOM = /^\/r\/([A-Za-z0-9_-]{1,64})(?:(\/details)|(?:\/t\/(\d{1,15}))?(?:\/m\/(\d{1,15}))?)$/u;

/** The route of a path such as `/r/66f…`; a trailing slash is ignored. */
export function parseRoute(path: string): Route {
  const clean = path.length > 1 ? path.replace(/\/+$/u, '') || '/' : path;
  if (clean === '/') return { name: 'home' };
  if (clean === '/sign-in') return { name: 'sign-in' };
  if (clean === '/sign-up') return { name: 'sign-up' };
  if (clean === '/reset') return { name: 'reset' };
  if (clean === '/threads') return { name: 'threads' };
  const invite = INVITE.exec(clean);
  if (invite !== null) return { name: 'invite', token: TOKEN.test(invite[1] ?? '') ? (invite[1] ?? '') : '' };
  const room = ROOM.exec(clean);
  if (room?.[1] !== undefined) {
    const thread = room[3] === undefined ? {} : { thread: Number(room[3]) };
    const message = room[4] === undefined ? {} : { message: Number(room[4]) };
    return { name: 'room', id: room[1], details: room[2] !== undefined, ...thread, ...message };
  }
  return { name: 'not-found' };
}

/** The path of a route. */
export function formatRoute(route: Route): string {
  switch (route.name) {
    case 'home':
    case 'not-found':
      return '/';
    case 'sign-in':
      return '/sign-in';
    case 'sign-up':
      return '/sign-up';
    case 'reset':
      return '/reset';
    case 'threads':
      return '/threads';
    case 'invite':
      return `/invite/${route.token}`;
    case 'room':
      return `/r/${route.id}${beside(route)}`;
  }
}

function beside({ details, thread, message }: RoomRoute): string {
  if (details) return '/details';
  const inThread = thread === undefined ? '' : `/t/${String(thread)}`;
  return message === undefined ? inThread : `${inThread}/m/${String(message)}`;
}

/** The path of a room. */
export function roomPath(id: string): string {
  return formatRoute({ name: 'room', id, details: false });
}
