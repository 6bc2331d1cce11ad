/** The errors of the REST API: their codes and the body they come in. */

/** Each stable error code with its HTTP status. */
export const ERROR_STATUS = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  quota_exceeded: 413,
  unsupported_type: 415,
  rate_limited: 429,
  overloaded: 503,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** RFC 9457, `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  /** The request's id, also in the logs. */
  readonly instance?: string;
  /** What was wrong with which field, for `invalid`. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}
