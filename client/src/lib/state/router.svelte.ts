import { PageHistory } from '../platform/history.ts';
import { formatRoute, parseRoute, type Route } from '../routes.ts';

/** Where the client is, kept in step with the address bar. Owned by the app; `start` binds it to the window. */
export class Router {
  #route: Route = $state.raw(parseRoute(location.pathname));
  readonly #pages = new PageHistory(history);

  get route(): Route {
    return this.#route;
  }

  /** The open room's id, if one is open. */
  get roomId(): string | undefined {
    return this.#route.name === 'room' ? this.#route.id : undefined;
  }

  go(route: Route, { replace = false }: { readonly replace?: boolean } = {}): void {
    this.#pages.go(formatRoute(route) + location.search, replace, () => {
      this.#route = route;
    });
  }

  /** Steps back inside the client; to `fallback` when the client was entered here by a deep link. */
  back(fallback: Route): void {
    this.#pages.back(() => {
      this.go(fallback, { replace: true });
    });
  }

  /** Something lies over the page, as a place of its own: the browser's back calls `onback`, once. */
  cover(onback: () => void): void {
    this.#pages.cover(onback);
  }

  /** It went away otherwise. */
  uncover(): void {
    this.#pages.uncover();
  }

  /** Follows the browser's buttons and plain clicks on links of one's own; gives the stop. */
  start(): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    const popped = (): void => {
      this.#route = parseRoute(location.pathname);
      this.#pages.popped();
    };
    window.addEventListener('popstate', popped, { signal });
    document.addEventListener('click', (event) => this.#follow(event), { signal });
    return () => {
      stop.abort();
    };
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.origin !== location.origin) return;
    const route = parseRoute(link.pathname);
    // In what people write, links open beside the client: all but those into its conversations.
    if (route.name === 'not-found' || (link.target !== '' && route.name !== 'room')) return;
    event.preventDefault();
    this.go(route);
  }
}
