import { Agent, fetch } from 'undici';
import { ApiError, isRetryable } from '../shared/sdk/errors.ts';
import { Http, type Call, type Method } from '../shared/sdk/http.ts';
import { Backoff } from '../shared/wire/backoff.ts';
import { pause } from './clock.ts';

export interface RestOptions {
  /** https://… of the API, as NGINX shows it. */
  readonly origin: string;
  readonly ca?: string | undefined;
  readonly insecure: boolean;
}

/** ms. */
const TIMEOUT = 20_000;
const MAX_ATTEMPTS = 8;
const CONNECTIONS = 32;

/** The REST API. Every failure rejects as ApiError. */
export class Rest {
  readonly #http: Http;
  readonly #agent: Agent;

  constructor({ origin, ca, insecure }: RestOptions) {
    const agent = new Agent({
      connections: CONNECTIONS,
      connect: { rejectUnauthorized: !insecure, ...(ca === undefined ? {} : { ca }) },
    });
    const withAgent = (url: string, init: object): unknown => fetch(url, { ...init, dispatcher: agent });
    this.#agent = agent;
    this.#http = new Http({
      origin,
      fetch: withAgent as typeof globalThis.fetch,
      credentials: 'omit',
      timeout: TIMEOUT,
    });
  }

  /** A call that needs no session. */
  open<T>(method: Method, path: string, call?: Call): Promise<T> {
    return this.#http.open<T>(method, path, call);
  }

  as<T>(token: string, method: Method, path: string, call?: Call): Promise<T> {
    const bearer = { token: async () => token, renew: async () => Promise.reject(expired()) };
    return this.#http.as<T>(bearer, method, path, call);
  }

  async close(): Promise<void> {
    this.#http.close();
    await this.#agent.destroy();
  }
}

const expired = (): ApiError =>
  new ApiError('unauthorized', 'The access token was refused.', { status: 401 });

/** Makes a call again while that can help, as long as the server asks; rejects with the last error. */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const backoff = new Backoff({ base: 200, cap: 10_000 });
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const canHelp = error instanceof ApiError && error.status !== 401 && isRetryable(error);
      if (!canHelp || backoff.attempt >= MAX_ATTEMPTS) throw error;
      await pause(backoff.next(error.retryAfterMs));
    }
  }
}
