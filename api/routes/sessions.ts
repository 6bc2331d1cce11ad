import { Router } from 'express';
import { notFound } from '../../shared/node/errors.ts';
import { parse } from '../../shared/node/schemas.ts';
import type { SessionInfo } from '../../shared/wire/rest.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import * as schemas from './schemas/auth.ts';

/** Where one is signed in; behind `authenticate`. */
export function sessionRoutes({ sessions }: Services): Router {
  const router = Router();

  router.get('/', async (_req, res) => {
    const caller = callerOf(res);
    const list: SessionInfo[] = (await sessions.list(caller.user)).map((session) => ({
      id: session.id,
      userAgent: session.userAgent,
      ip: session.ip,
      createdAt: session.createdAt.toISOString(),
      lastUsedAt: session.lastUsedAt.toISOString(),
      current: session.id === caller.session,
    }));
    res.json({ sessions: list });
  });

  router.delete('/:session', async (req, res) => {
    const { session } = parse(schemas.sessionParams, req.params);
    if (!(await sessions.end(callerOf(res).user, session))) throw notFound('session');
    res.status(204).end();
  });

  return router;
}
