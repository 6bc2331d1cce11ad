import type { Request, RequestHandler, Response } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';
import { MAX_BODY_BYTES } from './json-body.ts';

/** Requests under way at once. */
const MAX_REQUESTS = 5_000;
/** Bytes of their bodies, as announced. */
const MAX_BYTES = 32 * 1024 * 1024;
const RETRY_AFTER = 1_000;

/** Lets only so many requests in at once, so that no load takes more memory than there is. */
export class Admission {
  readonly #onDone: (req: Request, res: Response, ms: number) => void;
  #requests = 0;
  #bytes = 0;

  /** `onDone` hears of every request at its end, those turned away included. */
  constructor(onDone: (req: Request, res: Response, ms: number) => void = () => undefined) {
    this.#onDone = onDone;
  }

  /** Under way. */
  get requests(): number {
    return this.#requests;
  }

  /** Of the bodies of requests under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Throws `overloaded`; `exempt` paths are let in all the same. */
  middleware(exempt: readonly string[] = []): RequestHandler {
    return (req, res, next) => {
      const since = performance.now();
      const size = announced(req);
      const isFull = this.#requests >= MAX_REQUESTS || this.#bytes + size > MAX_BYTES;
      this.#requests += 1;
      this.#bytes += size;
      res.once('close', () => {
        this.#requests -= 1;
        this.#bytes -= size;
        this.#onDone(req, res, performance.now() - since);
      });
      if (isFull && !exempt.includes(req.path))
        throw new ParleyError('overloaded', 'Too many requests are under way.', {
          retryAfterMs: RETRY_AFTER,
        });
      next();
    };
  }
}

/** A larger body is refused, one without a length may become as large as is allowed. */
function announced(req: Request): number {
  if (req.headers['transfer-encoding'] !== undefined) return MAX_BODY_BYTES;
  return Math.min(Number(req.headers['content-length'] ?? 0), MAX_BODY_BYTES);
}
