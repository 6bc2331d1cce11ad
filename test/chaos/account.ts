import type { Session } from '../../shared/wire/rest.ts';
import { call, type Answer, type Person, type Place } from '../support/person.ts';

/** ms; an access token lives 15 minutes. */
const REFRESH_INTERVAL = 8 * 60_000;
const RETRY_PAUSE = 1_000;
const ANSWER_TIMEOUT = 10_000;

type SignedIn = Pick<Person, 'id' | 'username' | 'password' | 'place' | 'session'>;

/** Somebody signed in for as long as a run lasts: access tokens are renewed before they expire. */
export class Account {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly place: Place;
  readonly #interval: number;
  #tokens: { readonly access: string; readonly refresh: string };
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #listener: (token: string) => void = () => undefined;

  /** `interval`: ms between two renewals. */
  constructor(person: SignedIn, interval = REFRESH_INTERVAL) {
    this.id = person.id;
    this.username = person.username;
    this.password = person.password;
    this.place = person.place;
    this.#tokens = tokensOf(person.session);
    this.#interval = interval;
    this.#again(interval);
  }

  get token(): string {
    return this.#tokens.access;
  }

  /** Called with each new access token. */
  onToken(listener: (token: string) => void): void {
    this.#listener = listener;
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  /** One call; undefined when there was no answer, which leaves its outcome open. `origin`: past NGINX. */
  async try<T>(
    method: string,
    path: string,
    body?: unknown,
    origin?: string,
  ): Promise<Answer<T> | undefined> {
    try {
      const raw = { signal: AbortSignal.timeout(ANSWER_TIMEOUT) };
      const place = origin === undefined ? this.place : { origin };
      return await call<T>(place, method, path, { token: this.token, body, raw });
    } catch {
      return undefined;
    }
  }

  #again(ms: number): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => void this.#refresh(), ms).unref();
  }

  async #refresh(): Promise<void> {
    const body = { refreshToken: this.#tokens.refresh };
    const answer = await this.try<Session>('POST', '/auth/refresh', body);
    if (answer?.status !== 200) return this.#again(RETRY_PAUSE);
    this.#tokens = tokensOf(answer.body);
    this.#listener(this.token);
    this.#again(this.#interval);
  }
}

const tokensOf = ({ accessToken, refreshToken }: Session): { access: string; refresh: string } => ({
  access: accessToken,
  refresh: refreshToken ?? '',
});

/** An answer that leaves the outcome open: try again. */
export const isOpen = ({ status }: Answer): boolean => status >= 500 || status === 429;

export const codeOf = ({ status, body }: Answer): string =>
  String((body as { code?: string } | undefined)?.code ?? status);
