import type { ErrorCode } from '../wire/rest.ts';

export interface ApiErrorDetails {
  /** HTTP status; 0 when no answer came. */
  readonly status?: number;
  /** What was wrong with which field, for `invalid`. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** Every failure a call of the engine rejects with. `unavailable` also stands for "no answer". */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ApiErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status ?? 0;
    this.fields = details.fields ?? {};
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** True when the outcome is open or trying again can help; an ended session counts, one can sign in again. */
export function isRetryable(error: ApiError): boolean {
  return error.status === 0 || error.status >= 500 || error.status === 429 || error.status === 401;
}
