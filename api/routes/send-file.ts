import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { sendNoSuchRange } from '../middleware/errors.ts';
import type { Download } from '../services/attachments/downloads.ts';
import { parseRange } from './range.ts';

/** ms in which a reader takes nothing after which it counts as gone. */
const STALLED = 60_000;
/** What a browser may show by itself: pictures, sound, moving pictures, plain text. Never what can hold scripts. */
const SHOWN = /^(image\/(png|jpeg|gif|webp|avif)|audio\/[a-z0-9-]+|video\/[a-z0-9-]+|text\/plain)$/;
/** Should it be opened as a page all the same, it may do nothing. */
const POLICY =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** Answers with a file, or the part of it that is asked for. */
export async function sendFile(req: Request, res: Response, file: Download): Promise<void> {
  setHeaders(res, file);
  if (isKnown(req, file)) return void res.status(304).end();
  const part = isFresh(req, file) ? parseRange(req.headers.range, file.size) : 'whole';
  if (part === 'none') {
    for (const name of ['cache-control', 'content-disposition', 'etag']) res.removeHeader(name);
    return sendNoSuchRange(res, file.size);
  }
  const { start, end } = part === 'whole' ? { start: 0, end: file.size - 1 } : part;
  if (part !== 'whole') res.status(206).setHeader('content-range', `bytes ${start}-${end}/${file.size}`);
  res.setHeader('content-length', end - start + 1);
  if (req.method === 'HEAD') return void res.end();
  await stream(res, file.read(start, end));
}

function setHeaders(res: Response, { name, type, etag }: Download): void {
  res.attachment(name);
  const disposition = String(res.getHeader('content-disposition'));
  if (SHOWN.test(type)) res.setHeader('content-disposition', disposition.replace(/^attachment/, 'inline'));
  res.setHeader('content-type', type === 'text/plain' ? 'text/plain; charset=utf-8' : type);
  res.setHeader('content-security-policy', POLICY);
  res.setHeader('cache-control', 'private, max-age=31536000, immutable');
  res.setHeader('accept-ranges', 'bytes');
  res.setHeader('etag', etag);
}

/** A reader that has it already. */
function isKnown(req: Request, { etag }: Download): boolean {
  const known = req.headers['if-none-match'];
  if (known === undefined) return false;
  return known.trim() === '*' || known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

/** Whether a part of these bytes fits what the reader has. */
function isFresh(req: Request, { etag }: Download): boolean {
  const condition = req.headers['if-range'];
  return condition === undefined || condition === etag;
}

/** The first piece is read before anything is said, so that a store that is away can still be told. */
async function stream(res: Response, pieces: AsyncIterable<Buffer>): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* all(): AsyncGenerator<Buffer> {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  res.setTimeout(STALLED, () => res.destroy());
  // A reader that goes away is nobody's failure, and a file that breaks off cannot be answered otherwise.
  await pipeline(Readable.from(all(), { objectMode: true, highWaterMark: 1 }), res).catch(() =>
    res.destroy(),
  );
}
