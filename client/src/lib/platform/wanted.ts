import { formatRoute, parseRoute, type Route } from '../routes.ts';

const KEY = 'parley.wanted';

/** Where this tab was led before anybody had signed in: an invite outlives a reload of the form that asks who one is. */
export function readWanted(): Route | undefined {
  try {
    const path = sessionStorage.getItem(KEY);
    return path === null ? undefined : parseRoute(path);
  } catch {
    return undefined;
  }
}

/** Keeps it for this tab alone, or forgets it. */
export function keepWanted(route: Route | undefined): void {
  try {
    if (route === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, formatRoute(route));
  } catch {
    // Forbidden: it lasts as long as the page.
  }
}
