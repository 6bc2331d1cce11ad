import { Router, type Request, type RequestHandler } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';
import { parse } from '../../shared/node/schemas.ts';
import { authenticate, callerOf } from '../middleware/authenticate.ts';
import { limitUsers } from '../middleware/rate-limit.ts';
import type { Services } from '../services/index.ts';
import { ACCESS_COOKIE } from './auth.ts';
import * as schemas from './schemas/attachments.ts';
import { sendFile } from './send-file.ts';

/** ms a sender that was refused has to end its body, so that it hears the answer. */
const LINGER = 10_000;

/** Files: up as raw bytes, down as streams. Only reading takes the cookie: pictures cannot send a header. */
export function attachmentRoutes({ auth, attachments, limits, reads }: Services): Router {
  const router = Router();

  router.post('/', lingering, authenticate(auth), limitUsers(limits), async (req, res) => {
    const request = parse(schemas.uploadQuery, req.query);
    requireRawBytes(req);
    const announced = Number(req.headers['content-length'] ?? 0);
    const attachment = await attachments.uploads.receive(callerOf(res).user, request, req, announced);
    res.status(201).json(attachment);
  });

  const reader = authenticate(auth, { cookie: ACCESS_COOKIE });
  router.get('/:attachment', reader, limitUsers(limits), async (req, res) => {
    const { attachment } = parse(schemas.attachmentParams, req.params);
    const { thumb } = parse(schemas.downloadQuery, req.query);
    const { user } = callerOf(res);
    const file = await reads.ask(() => attachments.downloads.open(user, attachment, thumb !== undefined));
    await sendFile(req, res, file);
  });

  return router;
}

function requireRawBytes(req: Request): void {
  if ((req.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new ParleyError('unsupported_type', 'Send the file uncompressed.');
}

/** A body that is answered before its end is read on for a moment: who is cut off while sending hears no answer. */
const lingering: RequestHandler = (req, res, next) => {
  res.once('finish', () => {
    if (req.complete) return;
    req.resume();
    const timer = setTimeout(() => req.destroy(), LINGER);
    req.once('close', () => clearTimeout(timer));
  });
  next();
};
