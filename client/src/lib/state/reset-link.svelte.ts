import { tokenOf } from '../chat/reset-link.ts';

/**
 * The token of a password-reset link, taken out of the address bar at once: neither the history, nor a bookmark, nor
 * somebody looking on gets it. Lost with the page. Owned by the app.
 */
export class ResetLink {
  #token: string | undefined = $state(take());

  get token(): string | undefined {
    return this.#token;
  }

  /** What was used must not be tried again. */
  clear(): void {
    this.#token = undefined;
  }

  /** Follows a second link opened in the same window; gives the stop. */
  start(): () => void {
    const stop = new AbortController();
    const look = (): void => {
      this.#token = take() ?? this.#token;
    };
    window.addEventListener('hashchange', look, { signal: stop.signal });
    return () => {
      stop.abort();
    };
  }
}

function take(): string | undefined {
  if (location.pathname !== '/reset') return undefined;
  const token = tokenOf(location.hash);
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  return token;
}
