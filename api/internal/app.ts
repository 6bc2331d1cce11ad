import { timingSafeEqual } from 'node:crypto';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type Joi from 'joi';
import { each } from '../../shared/node/each.ts';
import { ParleyError } from '../../shared/node/errors.ts';
import {
  INTERNAL_LIMITS,
  type HeadsAnswer,
  type InternalSend,
  type LogSlice,
  type RoomListAnswer,
  type RoomNews,
  type SendResult,
} from '../../shared/node/internal.ts';
import type { Logger } from '../../shared/node/logger.ts';
import { parse } from '../../shared/node/schemas.ts';
import type { ErrorCode } from '../../shared/wire/rest.ts';
import type { Cursors } from '../services/cursors.ts';
import type { Log } from '../services/log/index.ts';
import type { Sends } from '../services/sends.ts';
import * as schemas from './schemas.ts';

/** Rooms read at once for one call; a gateway that reconnects asks for hundreds. */
const CONCURRENCY = 16;
/** Logs read at once: most of their time is waiting for a number to be decided, which must not add up over rooms. */
const MAX_WAITING = 128;

export interface InternalDeps {
  /** What a gateway must present. */
  readonly secret: string;
  readonly sends: Pick<Sends, 'send'>;
  readonly log: Pick<Log, 'highest' | 'reader'>;
  readonly cursors: Pick<Cursors, 'raise'>;
  readonly roomLists: {
    read(
      users: Readonly<Record<string, readonly string[]>>,
      digests?: Readonly<Record<string, string>>,
    ): Promise<Readonly<Record<string, RoomListAnswer>>>;
  };
  readonly roomNews: { read(rooms: readonly string[]): Promise<Readonly<Record<string, RoomNews>>> };
  readonly logger: Logger;
  /** Hears of every call that came with the secret, by its path: `/sends`, `/heads` … */
  readonly onCall?: (path: string) => void;
}

/** The internal API for gateways (shared/node/internal.ts), to be mounted on the internal port under /internal. */
export function createInternalApi(deps: InternalDeps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(authenticate(deps.secret), express.json({ limit: INTERNAL_LIMITS.bodyBytes }));
  app.use((req, _res, next) => {
    deps.onCall?.(req.path);
    next();
  });
  app.post(
    '/sends',
    answer(async (body) => {
      const { gateway = '?', sends } = schemas.plainSends(body) ?? parse(schemas.sends, body);
      return { results: await Promise.all(sends.map((send) => sendOne(deps, send, gateway))) };
    }),
  );
  app.post(
    '/room-lists',
    handle(schemas.roomLists, async ({ users, digests }) => ({
      users: await deps.roomLists.read(users, digests),
    })),
  );
  app.post(
    '/rooms',
    handle(schemas.rooms, async ({ rooms }) => ({ rooms: await deps.roomNews.read(rooms) })),
  );
  app.post(
    '/heads',
    handle(schemas.heads, ({ rooms }) => readHeads(deps, rooms)),
  );
  app.post(
    '/log',
    handle(schemas.log, async ({ rooms }) => ({ rooms: await readSlices(deps, rooms) })),
  );
  app.post(
    '/cursors',
    handle(schemas.cursors, async ({ cursors }) => {
      await deps.cursors.raise(cursors);
      return {};
    }),
  );
  app.use(() => {
    throw new ParleyError('not_found', 'No such call.');
  });
  app.use(answerError(deps.logger));
  return app;
}

async function sendOne(
  { sends, logger }: InternalDeps,
  { user, room, ...draft }: InternalSend,
  gateway: string,
): Promise<SendResult> {
  try {
    const { entry } = await sends.send(user, room, draft, `socket ${gateway}`);
    return { room, seq: entry.seq, id: entry.id, at: entry.at.toISOString() };
  } catch (error) {
    if (!(error instanceof ParleyError)) logger.error({ err: error }, 'a send failed');
    const known =
      error instanceof ParleyError
        ? error
        : new ParleyError('unavailable', 'The message could not be stored now.');
    const wait = known.retryAfterMs === undefined ? {} : { retryAfterMs: known.retryAfterMs };
    return { code: known.code, message: known.message, retry: known.retry, ...wait };
  }
}

async function readHeads({ log }: InternalDeps, rooms: readonly string[]): Promise<HeadsAnswer> {
  const heads = await each(rooms, CONCURRENCY, async (room) => [room, await log.highest(room)] as const);
  return { heads: Object.fromEntries(heads) };
}

async function readSlices(
  { log }: InternalDeps,
  rooms: Readonly<Record<string, { readonly after: number; readonly to?: number }>>,
): Promise<Record<string, LogSlice>> {
  const slices = await each(
    Object.entries(rooms),
    MAX_WAITING,
    async ([room, { after, to }]) => [room, await log.reader.slice(room, after, to)] as const,
  );
  return Object.fromEntries(slices);
}

function handle<T>(schema: Joi.ObjectSchema<T>, run: (body: T) => Promise<unknown>): RequestHandler {
  return answer((body) => run(parse(schema, body)));
}

function answer(run: (body: unknown) => Promise<unknown>): RequestHandler {
  return async (req: Request, res: Response) => {
    const found = await run(req.body);
    res.type('application/json').end(JSON.stringify(found));
  };
}

function authenticate(secret: string): RequestHandler {
  const expected = Buffer.from(`Bearer ${secret}`);
  return (req, _res, next) => {
    const given = Buffer.from(req.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new ParleyError('unauthorized', 'Wrong internal secret.');
    next();
  };
}

/** A gateway gives up on `invalid` and `too_large`, and tries another node on anything else. */
function answerError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const status = error instanceof ParleyError ? error.status : statusOf(error);
    if (status >= 500) logger.error({ err: error }, 'an internal call failed');
    res.status(status).json({
      code: error instanceof ParleyError ? error.code : CODES.get(status),
      message: error instanceof Error ? error.message : 'failed',
    });
  };
}

/** For what is no error of ours. */
const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  [400, 'invalid'],
  [413, 'too_large'],
  [500, 'unavailable'],
]);

/** body-parser's own errors carry a status. */
function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
