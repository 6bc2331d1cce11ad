import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import { mentionQuery, searchQuery } from './schemas/search.ts';

/** What others said to the caller, anywhere; behind `authenticate`. */
export function mentionRoutes({ search }: Services): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    res.json(await search.mentions(callerOf(res).user, parse(mentionQuery, req.query)));
  });

  return router;
}

/** Finding messages; behind `authenticate`. */
export function searchRoutes({ search }: Services): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    res.json(await search.find(callerOf(res).user, parse(searchQuery, req.query)));
  });

  return router;
}
