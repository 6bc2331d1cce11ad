import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import * as schemas from './schemas/users.ts';

/** One's own profile, and other people. */
export function userRoutes({ users, account, reads }: Services): Router {
  const router = Router();

  router.get('/me', async (_req, res) => {
    const { user } = callerOf(res);
    res.json(await reads.ask(() => users.me(user)));
  });

  router.patch('/me', async (req, res) => {
    res.json(await users.update(callerOf(res).user, parse(schemas.patchMe, req.body ?? {})));
  });

  router.delete('/me', async (req, res) => {
    await account.delete(callerOf(res).user, parse(schemas.deleteMe, req.body ?? {}).password);
    res.status(204).end();
  });

  router.get('/', async (req, res) => {
    const { q, ...page } = parse(schemas.userQuery, req.query);
    res.json(await reads.ask(() => users.search(q, page)));
  });

  router.get('/:user', async (req, res) => {
    const { user } = parse(schemas.userParams, req.params);
    res.json(await reads.ask(() => users.get(user)));
  });

  return router;
}
