import type { ServerResponse } from 'node:http';
import { parseCookie } from 'cookie';
import type { Request, RequestHandler, Response } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';
import type { Auth, Caller } from '../services/auth.ts';

const CALLER = 'caller';

/** Lets only a valid access token through; `cookie` names one that serves as well (pictures cannot send a header). */
export function authenticate(
  auth: Pick<Auth, 'authenticate'>,
  options: { readonly cookie?: string } = {},
): RequestHandler {
  return async (req, res, next) => {
    const token = bearerOf(req) ?? (options.cookie === undefined ? undefined : cookieOf(req, options.cookie));
    if (token === undefined) throw new ParleyError('unauthorized', 'An access token is required.');
    res.locals[CALLER] = await auth.authenticate(token);
    next();
  };
}

/** Who makes this request; for routes behind `authenticate`. */
export function callerOf(res: Response): Caller {
  const caller = callerIfAny(res);
  if (caller === undefined) throw new ParleyError('unauthorized', 'An access token is required.');
  return caller;
}

export function callerIfAny(res: ServerResponse & { locals?: Record<string, unknown> }): Caller | undefined {
  return res.locals?.[CALLER] as Caller | undefined;
}

/** The token of an Authorization header. */
export function bearerOf(req: Request): string | undefined {
  return /^Bearer +([^\s]+) *$/i.exec(req.headers.authorization ?? '')?.[1];
}

export function cookieOf(req: Request, name: string): string | undefined {
  const header = req.headers.cookie;
  return header === undefined ? undefined : parseCookie(header)[name];
}
