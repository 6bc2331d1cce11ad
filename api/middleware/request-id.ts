import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

declare module 'express-serve-static-core' {
  interface Request {
    /** Names the request in logs and in its answer. */
    id: string;
  }
}

const SANE = /^[A-Za-z0-9_.-]{8,64}$/;

/** Gives each request an id, the proxy's where that is sane, and echoes it. */
export function requestId(): RequestHandler {
  return (req, res, next) => {
    const given = req.headers['x-request-id'];
    req.id = typeof given === 'string' && SANE.test(given) ? given : randomUUID();
    res.setHeader('x-request-id', req.id);
    next();
  };
}
