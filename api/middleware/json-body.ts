import express, { type Request, type RequestHandler } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';

export const MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 32;

/**
 * Reads bodies of JSON, and of forms at `formPaths`. Throws `unsupported_type` for others, `too_large`, and `invalid`
 * for what is no JSON, is nested too deeply, or has keys that mean something to JavaScript.
 */
export function jsonBody(options: { readonly formPaths: readonly string[] }): RequestHandler {
  // Compressed bodies are refused: nothing we take is large enough to be worth what they allow.
  const json = express.json({ limit: MAX_BODY_BYTES, inflate: false, strict: true, type: () => true });
  const form = express.urlencoded({
    limit: MAX_BODY_BYTES,
    inflate: false,
    extended: false,
    parameterLimit: 50,
    type: () => true,
  });
  return (req, res, next) => {
    if (!hasBody(req)) {
      next();
      return;
    }
    const parse = chooseParser(req, options.formPaths) === 'form' ? form : json;
    parse(req, res, (error?: unknown) => {
      if (error === undefined && !isPlain(req.body))
        next(new ParleyError('invalid', 'The body is nested too deeply or has forbidden keys.'));
      else next(error);
    });
  };
}

function hasBody(req: Request): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

function chooseParser(req: Request, formPaths: readonly string[]): 'json' | 'form' {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return 'json';
  if (type === 'application/x-www-form-urlencoded' && formPaths.includes(req.path)) return 'form';
  throw new ParleyError('unsupported_type', 'Send application/json.');
}

/** Walks without recursion: the depth is the sender's choice. */
function isPlain(body: unknown): boolean {
  let level: unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return false;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (Object.hasOwn(value, '__proto__')) return false;
      for (const child of Object.values(value)) if (typeof child === 'object') next.push(child);
    }
    level = next;
  }
  return true;
}
