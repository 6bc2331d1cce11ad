import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import type { DraftList, ScheduledList } from '../../shared/wire/rest.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import { roomParams } from './schemas/common.ts';
import * as schemas from './schemas/drafts.ts';

/** What the caller began to write and is to be sent later in one room; behind `authenticate`, under `/rooms`. */
export function writingRoutes({ drafts, scheduled }: Services): Router {
  const router = Router();

  router.put('/:room/draft', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    res.json(await drafts.set(callerOf(res).user, room, parse(schemas.draftBody, req.body ?? {})));
  });

  router.post('/:room/scheduled', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const body = parse(schemas.scheduleBody, req.body ?? {});
    res.status(201).json(await scheduled.add(callerOf(res).user, room, body));
  });

  return router;
}

/** Under `/drafts`. */
export function draftRoutes({ drafts, reads }: Services): Router {
  const router = Router();

  router.get('/', async (_req, res) => {
    const list: DraftList = { drafts: await reads.ask(() => drafts.of(callerOf(res).user)) };
    res.json(list);
  });

  return router;
}

/** Under `/scheduled`. */
export function scheduledRoutes({ scheduled, reads }: Services): Router {
  const router = Router();

  router.get('/', async (_req, res) => {
    const list: ScheduledList = { scheduled: await reads.ask(() => scheduled.of(callerOf(res).user)) };
    res.json(list);
  });

  router.patch('/:id', async (req, res) => {
    const { id } = parse(schemas.scheduledParams, req.params);
    res.json(await scheduled.change(callerOf(res).user, id, parse(schemas.patchScheduled, req.body ?? {})));
  });

  router.delete('/:id', async (req, res) => {
    const { id } = parse(schemas.scheduledParams, req.params);
    await scheduled.remove(callerOf(res).user, id);
    res.status(204).end();
  });

  return router;
}
