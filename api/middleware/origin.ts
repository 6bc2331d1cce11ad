import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';

/** CORS by list: other origins get no CORS headers, so that browsers keep the answers from them. */
export function crossOrigin(allowed: readonly string[]): RequestHandler {
  const answer = cors({
    origin: (origin, done) => done(null, origin !== undefined && allowed.includes(origin)),
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['Retry-After', 'X-Request-Id'],
    maxAge: 600,
  });
  return (req, res, next) => {
    if (req.headers.origin !== undefined || req.method === 'OPTIONS') return answer(req, res, next);
    // Who is no browser needs none of it, but a cache in between must still tell the two apart.
    res.setHeader('vary', 'Origin');
    next();
  };
}

/** For requests that a cookie alone speaks for: another site's page must not make them. Throws `forbidden`. */
export function checkOrigin(req: Request, allowed: readonly string[]): void {
  const origin = req.headers.origin;
  if (origin !== undefined && !allowed.includes(origin))
    throw new ParleyError('forbidden', 'This origin is not allowed.');
}
