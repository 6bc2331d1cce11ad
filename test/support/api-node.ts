/** API nodes in the test's own process, and what speaks HTTP to them. */
import { randomBytes } from 'node:crypto';
import { startApiNode } from '../../api/node.ts';
import { readApiConfig } from '../../shared/node/config.ts';
import { Lifecycle } from '../../shared/node/lifecycle.ts';
import { createLogger } from '../../shared/node/logger.ts';
import type { Problem, Session } from '../../shared/wire/rest.ts';
import { checkAnswer } from './answer-check.ts';
import { Metrics } from './scrape.ts';
import { startServers, type TestServers } from './servers.ts';

export const ORIGIN = 'https://chat.example';
export const PASSWORD = 'correct horse';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}
export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
/** Somebody who has registered. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly token: string;
  readonly refreshToken: string;
}

export class ApiNode {
  readonly origin: string;
  readonly #internal: { readonly origin: string; readonly secret: string };
  readonly #lifecycle: Lifecycle;

  constructor(
    port: number,
    internal: { readonly port: number; readonly secret: string },
    lifecycle: Lifecycle,
  ) {
    this.origin = `http://127.0.0.1:${port}`;
    this.#internal = { origin: `http://127.0.0.1:${internal.port}`, secret: internal.secret };
    this.#lifecycle = lifecycle;
  }

  /** One call under /api/v1. A string body is sent as it is. */
  async call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
    const { token, body, headers } = options;
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const parsed: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
    checkAnswer(method, path, response.status, parsed);
    return { status: response.status, headers: response.headers, body: parsed as T };
  }

  /** A gateway's call to the internal API, which must succeed. */
  async internal<T>(path: string, body: object): Promise<T> {
    const response = await fetch(`${this.#internal.origin}/internal${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#internal.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
    return (await response.json()) as T;
  }

  /** The problem a call is answered with. */
  async refused(method: string, path: string, options: CallOptions = {}): Promise<Problem> {
    const { status, headers, body } = await this.call<Problem>(method, path, options);
    if (status < 400) throw new Error(`${method} ${path} was answered with ${status}`);
    if (!(headers.get('content-type') ?? '').startsWith('application/problem+json'))
      throw new Error('not a problem');
    if (body.status !== status) throw new Error('the problem and the answer differ in status');
    return body;
  }

  /** A new user; the name starts with `prefix`. */
  async register(prefix = 'user'): Promise<Account> {
    const username = `${prefix}-${randomBytes(6).toString('hex')}`;
    const answer = await this.call<Session>('POST', '/auth/register', {
      body: { username, password: PASSWORD },
    });
    if (answer.status !== 201) throw new Error(`register was answered with ${answer.status}`);
    const { user, accessToken, refreshToken } = answer.body;
    return { id: user.id, username, token: accessToken, refreshToken: refreshToken ?? '' };
  }

  metrics(): Promise<Metrics> {
    return Metrics.of({ internalPort: Number(new URL(this.#internal.origin).port) });
  }

  async stop(): Promise<void> {
    await this.#lifecycle.stop();
  }
}

/** A node on free ports; on a store of its own unless `servers` are given. */
export async function startApi(
  options: { readonly servers?: TestServers; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ApiNode> {
  const servers = options.servers ?? (await startServers());
  const config = readApiConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    MONGODB_URL: servers.mongodbUrl,
    REDIS_URL: servers.redisUrl,
    API_PORT: '0',
    API_INTERNAL_PORT: '0',
    BCRYPT_COST: '4',
    RATE_LIMITS: 'off',
    PUBLIC_ORIGIN: ORIGIN,
    ...options.env,
  });
  const logger = createLogger({ name: 'api', level: config.LOG_LEVEL });
  const lifecycle = new Lifecycle(logger);
  try {
    const { port, internalPort } = await startApiNode(config, logger, lifecycle);
    return new ApiNode(port, { port: internalPort, secret: config.INTERNAL_SECRET }, lifecycle);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}
