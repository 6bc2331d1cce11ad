import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { mongo } from 'mongoose';
import { ParleyError, unavailable } from '../../shared/node/errors.ts';
import type { Logger } from '../../shared/node/logger.ts';
import type { Problem } from '../../shared/wire/rest.ts';

/** Nobody's fault but ours: not a code a client could act on. */
type AnyProblem = Omit<Problem, 'code'> & { readonly code: Problem['code'] | 'internal' };

/** For every path no route answers. */
export const notFoundHandler: RequestHandler = (_req, res) => {
  sendProblem(res, new ParleyError('not_found', 'There is nothing at this address.'));
};

/** Turns whatever a handler threw into a problem; what nobody expected is logged and answered with 500. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const expected = toParleyError(error);
    if (expected === undefined) {
      logger.error({ err: describe(error), requestId: req.id }, 'a request failed unexpectedly');
      send(res, 500, problem(res, { status: 500, code: 'internal', title: 'Internal error' }));
      return;
    }
    if (expected.status >= 500) {
      const { code, cause } = expected;
      logger.warn({ code, cause: describe(cause), requestId: req.id }, 'a request was turned away');
    }
    sendProblem(res, expected);
  };
}

function sendProblem(res: Response, error: ParleyError): void {
  if (error.retryAfterMs !== undefined)
    res.setHeader('retry-after', String(Math.ceil(error.retryAfterMs / 1_000)));
  if (error.status === 401) res.setHeader('www-authenticate', 'Bearer');
  const errors = error.fields === undefined ? {} : { errors: error.fields };
  const { status, code, message } = error;
  send(res, status, problem(res, { status, code, title: TITLES[code], detail: message, ...errors }));
}

/** For a range of which nothing is there: a status of its own, though the code says no more than that the request is wrong. */
export function sendNoSuchRange(res: Response, size: number): void {
  const detail = `The file has ${size} bytes; none of them is in this range.`;
  res.setHeader('content-range', `bytes */${size}`);
  send(res, 416, problem(res, { status: 416, code: 'invalid', title: 'No such range', detail }));
}

function problem(res: Response, rest: Omit<AnyProblem, 'type' | 'instance'>): AnyProblem {
  const id = res.getHeader('x-request-id');
  return { type: 'about:blank', ...rest, ...(typeof id === 'string' ? { instance: id } : {}) };
}

function send(res: Response, status: number, body: AnyProblem): void {
  res.status(status).type('application/problem+json').send(JSON.stringify(body));
}

const TITLES: Readonly<Record<Problem['code'], string>> = {
  invalid: 'The request is not valid',
  unauthorized: 'Sign in first',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'Conflict',
  too_large: 'Too large',
  quota_exceeded: 'No space left',
  unsupported_type: 'Unsupported type',
  rate_limited: 'Too many requests',
  overloaded: 'Too busy',
  unavailable: 'Unavailable',
};

/** undefined for what is a fault of ours. */
function toParleyError(error: unknown): ParleyError | undefined {
  if (error instanceof ParleyError) return error;
  if (isStoreOutage(error)) return unavailable('The store', error);
  return fromHttp(error);
}

/** Time limit exceeded, write conflict, no primary, stepping down, shutting down. */
const OUTAGE_CODES: ReadonlySet<number> = new Set([50, 91, 112, 189, 10107, 11600, 11602, 13435, 13436]);

/** A store that is away, too slow, or electing: the same request may succeed in a moment. */
function isStoreOutage(error: unknown): boolean {
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoNotConnectedError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoWriteConcernError ||
    (error instanceof mongo.MongoError && error.name.includes('Timeout')) ||
    (error instanceof mongo.MongoError && error.hasErrorLabel('RetryableWriteError')) ||
    (error instanceof mongo.MongoServerError && OUTAGE_CODES.has(Number(error.code))) ||
    (error instanceof Error && error.name === 'MongooseServerSelectionError') ||
    (error instanceof Error && error.name === 'MongooseError' && error.message.includes('initial connection'))
  );
}

/** Errors of express and its parsers carry a 4xx `status`; a malformed %-escape in a path is one of them. */
function fromHttp(error: unknown): ParleyError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status === 413) return new ParleyError('too_large', 'The body is too large.');
  if (error.status === 415)
    return new ParleyError('unsupported_type', 'This encoding or charset is not supported.');
  if (error.status >= 400 && error.status < 500)
    return new ParleyError('invalid', 'The request cannot be read.');
  return undefined;
}

/** Of a driver's error only this: its other fields can hold whole documents. */
function describe(error: unknown): object | undefined {
  if (!(error instanceof Error)) return error === undefined ? undefined : { message: String(error) };
  return { type: error.name, message: error.message, stack: error.stack };
}
