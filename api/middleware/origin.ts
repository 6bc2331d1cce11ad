import type { CorsOptions } from 'cors';
import type { Request } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';

/** CORS by list: other origins get no CORS headers, so that browsers keep the answers from them. */
export function corsOptions(allowed: readonly string[]): CorsOptions {
  return {
    origin: (origin, done) => done(null, origin !== undefined && allowed.includes(origin)),
    credentials: true,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['Retry-After', 'X-Request-Id'],
    maxAge: 600,
  };
}

/** For requests that a cookie alone speaks for: another site's page must not make them. Throws `forbidden`. */
export function checkOrigin(req: Request, allowed: readonly string[]): void {
  const origin = req.headers.origin;
  if (origin !== undefined && !allowed.includes(origin))
    throw new ParleyError('forbidden', 'This origin is not allowed.');
}
