import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import type { Observer } from '../contract/observer.ts';
import { Mismatch } from '../expect.ts';

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: T;
}
export interface CallOptions {
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** Sent as it stands, in place of `body`. */
  readonly text?: string;
  readonly contentType?: string;
}

const ATTEMPTS = 4;
/** Seconds waited at most for another attempt. */
const LONGEST_WAIT = 5;

/** The REST API at the socket's origin. Tells the observer of every error answer. */
export class Http {
  /** https://host:port */
  readonly origin: string;
  readonly #observer: Observer;
  readonly #agent: Agent;

  constructor(origin: string, ca: string | undefined, observer: Observer) {
    this.origin = origin;
    this.#observer = observer;
    this.#agent = new Agent({ connections: 32, connect: ca === undefined ? {} : { ca } });
  }

  /** One call under /api/v1; never throws for a status. */
  async call<T = unknown>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const text = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(text === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
      },
      ...(text === undefined ? {} : { body: text }),
    });
    const type = response.headers.get('content-type') ?? '';
    const raw = await response.text();
    const body: unknown = type.includes('json') && raw !== '' ? JSON.parse(raw) : raw;
    if (response.status >= 400) {
      const retryAfter = response.headers.get('retry-after');
      this.#observer.refused({ call: `${method} ${path}`, status: response.status, type, retryAfter, body });
    }
    return { status: response.status, headers: response.headers, body: body as T };
  }

  /**
   * The body of a call that must succeed. Told to come again (429, 503) it does, as every client should: all calls but
   * signing up and in may be repeated, a send by its clientId.
   */
  async must<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const { status, headers, body } = await this.call<T>(method, path, options);
      if (status < 400) return body;
      if (attempt === ATTEMPTS || (status !== 429 && status !== 503))
        throw new Mismatch(`${method} ${path} to succeed`, `${status} ${JSON.stringify(body)}`);
      await sleep(Math.min(Number(headers.get('retry-after') ?? 1), LONGEST_WAIT) * 1_000);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
