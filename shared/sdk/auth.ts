import { Backoff } from '../wire/backoff.ts';
import type { LoginBody, Me, RegisterBody, Session } from '../wire/rest.ts';
import { ApiError } from './errors.ts';
import type { Bearer, Http } from './http.ts';
import { noteIdentity, readIdentity } from './identity.ts';
import { Value } from './observable.ts';
import { COOKIE_MARK, SESSION_KEY } from './storage.ts';
import { Timer } from './timer.ts';
import type { AuthState, Storage } from './types.ts';

/** A token is renewed when this part of its life is over. */
const RENEW_AT = 0.8;
/** ms between two renewals at least: a server whose tokens have no life must not be asked without a pause. */
const SHORTEST_LIFE = 1_000;
/** ms: what setTimeout can hold. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface AuthOptions {
  readonly http: Http;
  readonly storage: Storage;
  readonly cookies: boolean;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
}

interface Tokens {
  readonly access: string;
  /** ms since the epoch, by this machine's clock. */
  readonly expiresAt: number;
}

/**
 * The session's tokens: kept, renewed in time and on refusal, one renewal at a time. Only a server that says no signs
 * out; an unreachable one never does.
 */
export class Auth implements Bearer {
  readonly state = new Value<AuthState>({ name: 'signed-out' });
  /** Called with each fresh access token of a running session. */
  onToken: (token: string) => void = () => undefined;
  readonly #options: AuthOptions;
  readonly #backoff: Backoff;
  readonly #timer = new Timer(() => {
    this.#renewLater();
  });
  #tokens: Tokens | undefined;
  #refreshToken: string | undefined;
  #renewal: Promise<string> | undefined;
  /** Grows with each sign-in and sign-out: an answer to what was asked before is nobody's. */
  #epoch = 0;
  #closed = false;

  constructor(options: AuthOptions) {
    this.#options = options;
    this.#backoff = new Backoff({ random: options.random });
  }

  /** Who is signed in, or was and most likely will be again. */
  get me(): Me | undefined {
    const state = this.state.get();
    return state.name === 'signed-out' ? undefined : state.me;
  }

  get signedIn(): boolean {
    return this.state.get().name === 'signed-in';
  }

  /** True when a stored session was found and is alive. Rejects when the server cannot be asked. */
  async restore(): Promise<boolean> {
    const { cookies, storage } = this.#options;
    if (this.state.get().name !== 'restoring') this.state.set({ name: 'restoring' });
    // Without a cookie's mark the server need not be asked; a storage that cannot be read is no such sign.
    const stored = await (cookies
      ? storage.get(SESSION_KEY).catch(() => COOKIE_MARK)
      : storage.get(SESSION_KEY));
    if (stored === undefined) return this.#none();
    if (!cookies) this.#refreshToken = stored;
    await this.#presume();
    try {
      await this.#renewOnce();
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A cookie that is refused need not be tried at every visit.
      if (cookies) await this.#mark(undefined);
      await this.#note(undefined);
      return this.#none();
    }
  }

  /** Sets a new password by a link's token; all sessions of that user end. Rejects `unauthorized` for a dead link. */
  async resetPassword(token: string, newPassword: string): Promise<void> {
    await this.#options.http.open('POST', '/auth/reset', { body: { token, newPassword } });
  }

  async register(body: RegisterBody): Promise<void> {
    await this.#begin('/auth/register', body);
  }

  async login(body: LoginBody): Promise<void> {
    await this.#begin('/auth/login', body);
  }

  /** A token that is still good for a while. Rejects `unauthorized` when signed out. */
  token(): Promise<string> {
    const tokens = this.#tokens;
    if (tokens !== undefined && Date.now() < tokens.expiresAt) return Promise.resolve(tokens.access);
    return this.#renewOnce();
  }

  /** The session as long as it is this user's: a cookie may become another's, and nothing of the one may go out as the other's. */
  boundTo(user: string): Bearer {
    const mine = async (token: Promise<string>): Promise<string> => {
      const value = await token;
      if (this.signedIn && this.me?.id === user) return value;
      throw new ApiError('unauthorized', 'Somebody else is signed in.', { status: 401 });
    };
    return {
      token: () => mine(this.token()),
      renew: (refused) => mine(this.renew(refused)),
    };
  }

  /** Another token than the one refused. */
  renew(refused: string): Promise<string> {
    const tokens = this.#tokens;
    if (tokens !== undefined && tokens.access !== refused) return Promise.resolve(tokens.access);
    return this.#renewOnce();
  }

  /** Tokens are thrown away, unanswered renewals too. */
  async signOut(reason?: string): Promise<void> {
    this.#forget();
    this.state.set(reason === undefined ? { name: 'signed-out' } : { name: 'signed-out', reason });
    await this.#note(undefined);
    await this.#options.storage.delete(SESSION_KEY);
  }

  /** One's own profile changed, here or elsewhere. */
  async setMe(me: Partial<Me>): Promise<void> {
    if (this.me === undefined || !this.signedIn) return;
    const { status: _status, statusEmoji: _emoji, statusUntil: _until, hidePresence, ...kept } = this.me;
    // What is not told any more was removed; only one's own profile tells all of it.
    const hidden = 'role' in me || hidePresence === undefined ? {} : { hidePresence };
    await this.#enter({ ...kept, ...hidden, ...me });
  }

  /** Trying again now makes sense. */
  wake(): void {
    this.#backoff.reset();
    // Timers stand still while a machine sleeps.
    const tokens = this.#tokens;
    if (tokens !== undefined && Date.now() >= tokens.expiresAt) this.#renewIn(0);
  }

  close(): void {
    this.#closed = true;
    this.#timer.stop();
  }

  async #begin(path: string, body: RegisterBody | LoginBody): Promise<void> {
    const { http, cookies } = this.#options;
    const session = await http.open<Session>('POST', path, {
      body: cookies ? { ...body, cookie: true } : body,
    });
    this.#epoch += 1;
    await this.#accept(session);
    await this.#enter(session.user);
  }

  /** While the server is asked, whoever was here last counts as here: an outage at a reload must not silence them. */
  async #presume(): Promise<void> {
    if (this.me !== undefined) return;
    try {
      const me = await readIdentity(this.#options.storage);
      if (me !== undefined && this.state.get().name === 'restoring')
        this.state.set({ name: 'restoring', me });
    } catch (error) {
      this.#options.warn('the last user could not be read', error);
    }
  }

  async #enter(me: Me): Promise<void> {
    this.state.set({ name: 'signed-in', me });
    await this.#note(me);
  }

  /** Who is here, for the next start; a note that cannot be kept costs no more than waiting then. */
  async #note(me: Me | undefined): Promise<void> {
    try {
      await noteIdentity(this.#options.storage, me);
    } catch (error) {
      this.#options.warn('the user could not be noted', error);
    }
  }

  #renewOnce(): Promise<string> {
    this.#renewal ??= this.#refresh().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #refresh(): Promise<string> {
    const { http, cookies, storage } = this.#options;
    const running = this.state.get().name !== 'signed-out';
    if (!running) throw new ApiError('unauthorized', 'You are signed out.', { status: 401 });
    // Another process may have rotated a shared token meanwhile.
    if (!cookies) this.#refreshToken = (await storage.get(SESSION_KEY)) ?? this.#refreshToken;
    const body = cookies ? {} : { refreshToken: this.#refreshToken };
    const epoch = this.#epoch;
    try {
      const session = await http.open<Omit<Session, 'user'> & Partial<Session>>('POST', '/auth/refresh', {
        body,
      });
      this.#assertSame(epoch);
      await this.#accept(session);
      this.#assertSame(epoch);
      await this.#knowMe(session);
      this.onToken(session.accessToken);
      return session.accessToken;
    } catch (error) {
      if (epoch === this.#epoch && this.signedIn && isRefusal(error))
        await this.signOut('Your session has ended.');
      throw error;
    }
  }

  /** Signed out, or in as somebody else, while asking: the answer must not bring the old session back. */
  #assertSame(epoch: number): void {
    if (epoch !== this.#epoch) throw new ApiError('unauthorized', 'That session is over.');
  }

  async #knowMe(session: Partial<Session> & { readonly accessToken: string }): Promise<void> {
    const known = this.signedIn ? this.me : undefined;
    if (known !== undefined && (session.user?.id ?? known.id) === known.id) return;
    const token = session.accessToken;
    const bearer: Bearer = { token: () => Promise.resolve(token), renew: () => Promise.resolve(token) };
    const me = session.user ?? (await this.#options.http.as<Me>(bearer, 'GET', '/users/me'));
    await this.#enter(me);
  }

  async #accept(session: Omit<Session, 'user'>): Promise<void> {
    const wanted = session.expiresIn * 1_000 * RENEW_AT;
    const life = Math.max(SHORTEST_LIFE, Math.min(wanted || 0, LONGEST_TIMER));
    this.#tokens = { access: session.accessToken, expiresAt: Date.now() + life };
    this.#backoff.reset();
    this.#renewIn(life);
    const { cookies, storage } = this.#options;
    if (cookies) {
      await this.#mark(COOKIE_MARK);
    } else if (session.refreshToken !== undefined) {
      this.#refreshToken = session.refreshToken;
      await storage.set(SESSION_KEY, session.refreshToken);
    }
  }

  /** A mark that cannot be kept costs one needless question, never the session. */
  async #mark(value: string | undefined): Promise<void> {
    const { storage, warn } = this.#options;
    try {
      if (value === undefined) await storage.delete(SESSION_KEY);
      else await storage.set(SESSION_KEY, value);
    } catch (error) {
      warn('the session could not be noted', error);
    }
  }

  #renewLater(): void {
    this.#renewOnce().catch((error: unknown) => {
      if (!this.signedIn || isRefusal(error)) return;
      this.#options.warn('the session could not be renewed, trying again', error);
      this.#renewIn(this.#backoff.next(error instanceof ApiError ? error.retryAfterMs : undefined));
    });
  }

  #renewIn(ms: number): void {
    if (!this.#closed) this.#timer.set(ms);
  }

  #none(): false {
    this.#forget();
    this.state.set({ name: 'signed-out' });
    return false;
  }

  #forget(): void {
    this.#epoch += 1;
    this.#timer.stop();
    this.#tokens = undefined;
    this.#refreshToken = undefined;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
