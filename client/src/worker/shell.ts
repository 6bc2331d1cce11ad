/** What the service worker keeps. */
export interface Shell {
  /** Changes with any of the files. */
  readonly version: string;
  /** Paths on this origin. */
  readonly files: readonly string[];
}

/** Paths that are answered by the servers, never by the client's page. */
const SERVED = ['/api', '/ws', '/internal', '/metrics'];

/** Whether a request for this path is a visit that the client's page answers. */
export function isForShell(mode: string, path: string): boolean {
  if (mode !== 'navigate') return false;
  return !SERVED.some((served) => path === served || path.startsWith(`${served}/`));
}
