import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';
import { readBody } from './read-body.ts';

export const MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 32;
/** ms for a body to come in. */
const BODY_TIMEOUT = 30_000;
const JSON_TYPE = /^application\/json *(; *charset="?utf-?8"? *)?;?$/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded *(;|$)/i;

/**
 * Reads bodies of JSON, and of forms at `formPaths`. Throws `unsupported_type` for others, `too_large`, and `invalid`
 * for what is no JSON, is nested too deeply, or has keys that mean something to JavaScript.
 */
export function jsonBody(options: { readonly formPaths: readonly string[] }): RequestHandler {
  const form = express.urlencoded({
    limit: MAX_BODY_BYTES,
    inflate: false,
    extended: false,
    parameterLimit: 50,
    type: () => true,
  });
  return async (req, res, next) => {
    if (!hasBody(req)) return next();
    limitTime(req);
    if (chooseParser(req, options.formPaths) === 'form') return form(req, res, next);
    const body = parseJson(await readBody(req, MAX_BODY_BYTES));
    if (!isPlain(body))
      throw new ParleyError('invalid', 'The body is nested too deeply or has forbidden keys.');
    req.body = body;
    next();
  };
}

/** A body that takes too long is cut off, and its connection with it. */
function limitTime(req: Request): void {
  const timer = setTimeout(() => req.destroy(), BODY_TIMEOUT);
  req.once('close', () => clearTimeout(timer));
}

/** An object or an array; an empty body counts as an empty object. Throws `invalid`. */
function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw new ParleyError('invalid', 'The body is not UTF-8.');
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ParleyError('invalid', 'The body is not JSON.');
  }
  if (typeof body === 'object' && body !== null) return body;
  throw new ParleyError('invalid', 'The body is no object.');
}

function hasBody(req: Request): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Compressed bodies are refused: nothing we take is large enough to be worth what they allow. */
function chooseParser(req: Request, formPaths: readonly string[]): 'json' | 'form' {
  const encoding = req.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw new ParleyError('unsupported_type', 'Send the body uncompressed.');
  const type = req.headers['content-type'] ?? '';
  if (JSON_TYPE.test(type)) return 'json';
  if (FORM_TYPE.test(type) && formPaths.includes(req.path)) return 'form';
  throw new ParleyError('unsupported_type', 'Send application/json in UTF-8.');
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
