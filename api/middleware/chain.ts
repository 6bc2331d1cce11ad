import type { NextFunction, RequestHandler } from 'express';

/**
 * Several handlers as one. The router looks at every handler it knows for every request, and that look costs more than
 * most of them do.
 */
export function chain(...handlers: readonly RequestHandler[]): RequestHandler {
  return (req, res, next) => {
    let i = 0;
    const step: NextFunction = (error?: unknown) => {
      const handler = handlers[i++];
      if (error !== undefined || handler === undefined) return next(error);
      try {
        const done: unknown = handler(req, res, step);
        if (done instanceof Promise) done.catch(next);
      } catch (failure) {
        next(failure);
      }
    };
    step();
  };
}
