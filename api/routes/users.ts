import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import * as schemas from './schemas/users.ts';

/** One's own profile, and other people. */
export function userRoutes({ users, account }: Services): Router {
  const router = Router();

  router.get('/me', async (_req, res) => {
    res.json(await users.me(callerOf(res).user));
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
    res.json(await users.search(q, page));
  });

  router.get('/:user', async (req, res) => {
    res.json(await users.get(parse(schemas.userParams, req.params).user));
  });

  return router;
}
