import { API_PREFIX, ERROR_STATUS, type ErrorCode } from '../wire/rest.ts';
import { ApiError } from './errors.ts';
import { defaultSendBytes, type SendBytes } from './upload.ts';

export interface HttpOptions {
  readonly origin: string;
  readonly fetch: typeof globalThis.fetch;
  readonly credentials: RequestCredentials;
  /** ms per call. */
  readonly timeout: number;
  readonly sendBytes?: SendBytes | undefined;
}

/** Whose token a call carries, and where to get another when it is refused. */
export interface Bearer {
  token(): Promise<string>;
  renew(refused: string): Promise<string>;
}

export interface Call {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** It goes on when the page is gone. */
  readonly keepalive?: boolean;
}

/** Bytes to send; there is no time limit as long as they move. */
export interface BytesCall {
  readonly body: Blob;
  readonly query: NonNullable<Call['query']>;
  readonly onProgress: (sent: number) => void;
  readonly signal: AbortSignal | undefined;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** JSON over REST. Everything that goes wrong rejects as ApiError; no answer at all is `unavailable`, status 0. */
export class Http {
  readonly #options: HttpOptions;
  readonly #closed = new AbortController();

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** A call that needs no session. `path` stands below `/api/v1`. */
  open<T>(method: Method, path: string, call: Call = {}): Promise<T> {
    return this.#fetch<T>(method, path, call, undefined);
  }

  /** A call in the session's name; a token refused once is renewed and the call made again. */
  as<T>(bearer: Bearer, method: Method, path: string, call: Call = {}): Promise<T> {
    return inNameOf(bearer, (token) => this.#fetch<T>(method, path, call, token));
  }

  /** A POST of raw bytes in the session's name. One that is given up rejects with the signal's reason. */
  async upload<T>(bearer: Bearer, path: string, call: BytesCall): Promise<T> {
    try {
      return await inNameOf(bearer, (token) => this.#send<T>(path, call, token));
    } catch (error) {
      call.signal?.throwIfAborted();
      throw error;
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#closed.abort();
  }

  async #fetch<T>(method: Method, path: string, call: Call, token: string | undefined): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    try {
      const response = await this.#options.fetch(this.#url(path, call.query), {
        method,
        headers,
        credentials: this.#options.credentials,
        keepalive: call.keepalive ?? false,
        signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(this.#options.timeout)]),
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      const text = await response.text();
      if (!response.ok) throw problem(response.status, text, response.headers.get('retry-after'));
      return (text === '' ? undefined : JSON.parse(text)) as T;
    } catch (error) {
      throw unreachable(error);
    }
  }

  async #send<T>(path: string, { body, query, onProgress, signal }: BytesCall, token: string): Promise<T> {
    const type = body.type === '' ? 'application/octet-stream' : body.type;
    const send = this.#options.sendBytes ?? defaultSendBytes(this.#options.fetch);
    try {
      const answer = await send({
        url: this.#url(path, query),
        headers: { accept: 'application/json', 'content-type': type, authorization: `Bearer ${token}` },
        body,
        credentials: this.#options.credentials !== 'omit',
        signal: signal === undefined ? this.#closed.signal : AbortSignal.any([this.#closed.signal, signal]),
        onProgress,
      });
      if (answer.status < 200 || answer.status > 299)
        throw problem(answer.status, answer.text, answer.retryAfter);
      return JSON.parse(answer.text) as T;
    } catch (error) {
      throw unreachable(error);
    }
  }

  #url(path: string, query: Call['query'] = {}): string {
    const url = new URL(API_PREFIX + path, this.#options.origin);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url.href;
  }
}

/** A token refused once is renewed and the call made again. */
async function inNameOf<T>(bearer: Bearer, call: (token: string) => Promise<T>): Promise<T> {
  const token = await bearer.token();
  try {
    return await call(token);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return call(await bearer.renew(token));
  }
}

function unreachable(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError('unavailable', 'The server cannot be reached.', { cause: error });
}

function problem(status: number, text: string, retryAfter: string | null): ApiError {
  const body = readProblem(text);
  const code = isErrorCode(body['code']) ? body['code'] : codeOf(status);
  const detail = body['detail'] ?? body['title'];
  const seconds = Number(retryAfter ?? NaN);
  return new ApiError(code, typeof detail === 'string' ? detail : `The server answered ${status}.`, {
    status,
    fields: fieldsOf(body['errors']),
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}),
  });
}

/** What a proxy answers is no JSON; that is no reason to fail twice. */
function readProblem(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_STATUS, value);
}

function codeOf(status: number): ErrorCode {
  if (status >= 500) return 'unavailable';
  const entry = Object.entries(ERROR_STATUS).find(([, known]) => known === status);
  return isErrorCode(entry?.[0]) ? entry[0] : 'invalid';
}

function fieldsOf(errors: unknown): Record<string, string> {
  if (!Array.isArray(errors)) return {};
  const fields: Record<string, string> = {};
  for (const entry of errors as readonly unknown[]) {
    if (typeof entry !== 'object' || entry === null || !('field' in entry) || !('message' in entry)) continue;
    fields[String(entry.field)] ??= String(entry.message);
  }
  return fields;
}
