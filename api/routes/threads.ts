import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import { roomParams } from './schemas/common.ts';
import * as schemas from './schemas/threads.ts';

/** A room's threads, and what the caller is to one of them; under /rooms, behind `authenticate`. */
export function roomThreadRoutes({ threads }: Pick<Services, 'threads'>): Router {
  const router = Router();

  router.get('/:room/threads', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    res.json(await threads.ofRoom(callerOf(res).user, room, parse(schemas.threadPage, req.query)));
  });

  router.get('/:room/threads/:seq', async (req, res) => {
    const { room, seq } = parse(schemas.threadParams, req.params);
    res.json(await threads.get(callerOf(res).user, room, seq));
  });

  router.put('/:room/threads/:seq/follow', async (req, res) => {
    const { room, seq } = parse(schemas.threadParams, req.params);
    await threads.follow(callerOf(res).user, room, seq, true);
    res.status(204).end();
  });

  router.delete('/:room/threads/:seq/follow', async (req, res) => {
    const { room, seq } = parse(schemas.threadParams, req.params);
    await threads.follow(callerOf(res).user, room, seq, false);
    res.status(204).end();
  });

  router.post('/:room/threads/:seq/read', async (req, res) => {
    const { room, seq } = parse(schemas.threadParams, req.params);
    await threads.read(callerOf(res).user, room, seq, parse(schemas.readThread, req.body ?? {}).seq);
    res.status(204).end();
  });

  return router;
}

/** What the caller follows, over all rooms; behind `authenticate`. */
export function threadRoutes({ threads }: Pick<Services, 'threads'>): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    res.json(await threads.followed(callerOf(res).user, parse(schemas.followedQuery, req.query)));
  });

  return router;
}
