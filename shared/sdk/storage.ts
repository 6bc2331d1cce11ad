import type { Storage } from './types.ts';

/** Where the refresh token is kept; where it is a cookie, which no script can see, `COOKIE_MARK` tells that there is one. */
export const SESSION_KEY = 'session';
export const COOKIE_MARK = 'cookie';

/** For a storage that forgets with each visit: a session's cookie may exist, so that the server is asked. */
export async function presumeSession(storage: Storage): Promise<Storage> {
  await storage.set(SESSION_KEY, COOKIE_MARK);
  return storage;
}

/** A storage that lives as long as the process: the default, and what tests use. */
export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(values.get(key)),
    set: (key, value) => {
      values.set(key, value);
      return Promise.resolve();
    },
    delete: (key) => {
      values.delete(key);
      return Promise.resolve();
    },
  };
}
