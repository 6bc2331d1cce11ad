import type { RequestHandler, Response } from 'express';
import type { Logger } from '../../shared/node/logger.ts';
import { callerIfAny } from './authenticate.ts';

/**
 * One line a request: method, path without its query, status, ms, request id, user. No headers, no bodies. What succeeds is
 * told at level debug, what was refused at info. Own code, since a logger of its own for each request cost a sixth of a
 * send's time though nothing was logged.
 */
export function accessLog(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const started = performance.now();
    res.once('close', () => {
      const level = levelOf(res);
      if (!logger.isLevelEnabled(level)) return;
      const user = callerIfAny(res)?.user;
      const line = {
        req: { method: req.method, path: req.originalUrl.split('?', 1)[0] },
        res: { status: res.statusCode },
        requestId: req.id,
        ms: Math.round(performance.now() - started),
        ...(user === undefined ? {} : { user }),
      };
      logger[level](line, res.writableFinished ? 'request' : 'request aborted');
    });
    next();
  };
}

function levelOf(res: Response): 'debug' | 'info' | 'error' {
  if (res.statusCode >= 500) return 'error';
  return res.statusCode >= 400 || !res.writableFinished ? 'info' : 'debug';
}
