import { ERROR_STATUS, type ErrorCode } from '../wire/rest.ts';

/** Every expected failure: thrown deep, translated once at each edge (HTTP handler, socket, internal API). */
export class ParleyError extends Error {
  readonly code: ErrorCode;
  /** ms until trying again makes sense; 429 and 503 send it as Retry-After. */
  readonly retryAfterMs: number | undefined;
  readonly fields: readonly { readonly field: string; readonly message: string }[] | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown;
      retryAfterMs?: number;
      fields?: readonly { readonly field: string; readonly message: string }[];
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ParleyError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.fields = options.fields;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }

  /** Whether the same request may succeed later: the outcome is unknown, or the cause will pass. */
  get retry(): boolean {
    return this.code === 'rate_limited' || this.code === 'overloaded' || this.code === 'unavailable';
  }
}

export const notFound = (what: string): ParleyError => new ParleyError('not_found', `No such ${what}.`);
export const unavailable = (what: string, cause?: unknown): ParleyError =>
  new ParleyError('unavailable', `${what} cannot be reached at the moment.`, { cause, retryAfterMs: 1_000 });
