import { formatRoute, parseRoute, type Route } from '../routes.ts';

/** Where the client is, kept in step with the address bar. Owned by the app; `start` binds it to the window. */
export class Router {
  #route: Route = $state.raw(parseRoute(location.pathname));

  get route(): Route {
    return this.#route;
  }

  /** The open room's id, if one is open. */
  get roomId(): string | undefined {
    return this.#route.name === 'room' ? this.#route.id : undefined;
  }

  go(route: Route, options: { readonly replace?: boolean } = {}): void {
    const path = formatRoute(route) + location.search;
    if (options.replace) history.replaceState(history.state, '', path);
    else history.pushState({ depth: depth() + 1 }, '', path);
    this.#route = route;
  }

  /** Steps back inside the client; to `fallback` when the client was entered here by a deep link. */
  back(fallback: Route): void {
    if (depth() > 0) history.back();
    else this.go(fallback, { replace: true });
  }

  /** Follows the browser's buttons and plain clicks on links of one's own; gives the stop. */
  start(): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    window.addEventListener('popstate', () => (this.#route = parseRoute(location.pathname)), { signal });
    document.addEventListener('click', (event) => this.#follow(event), { signal });
    return () => {
      stop.abort();
    };
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.origin !== location.origin || link.target !== '') return;
    const route = parseRoute(link.pathname);
    if (route.name === 'not-found') return;
    event.preventDefault();
    this.go(route);
  }
}

function depth(): number {
  const state: unknown = history.state;
  if (typeof state !== 'object' || state === null || !('depth' in state)) return 0;
  return typeof state.depth === 'number' ? state.depth : 0;
}
