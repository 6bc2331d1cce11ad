/** The client's addresses. Pure: text in, a route out, and back. */
export type Route =
  | { readonly name: 'home' }
  | { readonly name: 'room'; readonly id: string; readonly details: boolean }
  | { readonly name: 'sign-in' }
  | { readonly name: 'sign-up' }
  | { readonly name: 'reset' }
  | { readonly name: 'not-found' };

const ROOM = /^\/r\/([A-Za-z0-9_-]{1,64})(\/details)?$/u;

/** The route of a path such as `/r/66f…`; a trailing slash is ignored. */
export function parseRoute(path: string): Route {
  const clean = path.length > 1 ? path.replace(/\/+$/u, '') || '/' : path;
  if (clean === '/') return { name: 'home' };
  if (clean === '/sign-in') return { name: 'sign-in' };
  if (clean === '/sign-up') return { name: 'sign-up' };
  if (clean === '/reset') return { name: 'reset' };
  const room = ROOM.exec(clean);
  if (room?.[1] !== undefined) return { name: 'room', id: room[1], details: room[2] !== undefined };
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
    case 'room':
      return `/r/${route.id}${route.details ? '/details' : ''}`;
  }
}

/** The path of a room. */
export function roomPath(id: string): string {
  return formatRoute({ name: 'room', id, details: false });
}
