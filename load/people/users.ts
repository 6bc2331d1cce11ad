import { ApiError } from '../../shared/sdk/errors.ts';
import type { Session } from '../../shared/wire/rest.ts';
import { each } from '../../shared/node/each.ts';
import { patiently, type Rest } from '../rest.ts';
import type { Account, Store } from './store.ts';

/** Calls at once: hashing passwords is what they cost. */
const AT_ONCE = 8;
/** ms an access token must still hold to be used as it is. */
const FRESH = 10 * 60_000;
/** Accounts between two writes of the file. */
const SAVE_EVERY = 50;

export interface UsersMade {
  readonly made: number;
  readonly reused: number;
  /** Tokens that were renewed, by refresh or by login. */
  readonly renewed: number;
}

/**
 * Sees to it that there are `count` accounts with access tokens: those of the last run, and new ones for what lacks. When
 * the server does not know the old ones any more, all are made anew.
 */
export async function ensureUsers(
  rest: Rest,
  store: Store,
  count: number,
  onProgress: (done: number) => void,
): Promise<UsersMade> {
  try {
    return await tryUsers(rest, store, count, onProgress);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    store.clear();
    return await tryUsers(rest, store, count, onProgress);
  }
}

async function tryUsers(
  rest: Rest,
  store: Store,
  count: number,
  onProgress: (done: number) => void,
): Promise<UsersMade> {
  const { saved } = store;
  const before = saved.users.length;
  let [done, renewed] = [0, 0];
  await each(saved.users.slice(0, count), AT_ONCE, async (account) => {
    if (await renew(rest, account, saved.password)) renewed += 1;
    onProgress(++done);
  });
  // In order, so that a place in the list always means the same user.
  const missing = Array.from({ length: Math.max(0, count - before) }, (_, i) => before + i);
  const made = await each(missing, AT_ONCE, async (index) => {
    const account = await register(rest, `load-${saved.name}-${index}`, saved.password);
    onProgress(++done);
    return account;
  });
  for (const [i, account] of made.entries()) {
    saved.users.push(account);
    if (i % SAVE_EVERY === 0) await store.save();
  }
  await store.save();
  return { made: made.length, reused: Math.min(before, count), renewed };
}

/** Renews the access token where it does not hold long enough; false where it does. */
export async function renew(rest: Rest, account: Account, password: string, fresh = FRESH): Promise<boolean> {
  if (account.expiresAt - Date.now() > fresh) return false;
  const { refreshToken, username } = account;
  const session = await patiently(() =>
    rest.open<Session>('POST', '/auth/refresh', { body: { refreshToken } }),
  ).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return patiently(() => rest.open<Session>('POST', '/auth/login', { body: { username, password } }));
  });
  keep(account, session);
  return true;
}

async function register(rest: Rest, username: string, password: string): Promise<Account> {
  const body = { username, password };
  const session = await patiently(() => rest.open<Session>('POST', '/auth/register', { body })).catch(
    (error: unknown) => {
      // An answer that got lost, or a run that ended before it could save.
      if (!(error instanceof ApiError) || error.code !== 'conflict') throw error;
      return patiently(() => rest.open<Session>('POST', '/auth/login', { body }));
    },
  );
  const account = { username, id: session.user.id, accessToken: '', expiresAt: 0, refreshToken: '' };
  keep(account, session);
  return account;
}

function keep(account: Account, { accessToken, refreshToken, expiresIn }: Session): void {
  account.accessToken = accessToken;
  account.expiresAt = Date.now() + expiresIn * 1_000;
  account.refreshToken = refreshToken ?? account.refreshToken;
}
