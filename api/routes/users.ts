import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import * as schemas from './schemas/users.ts';

/** One's own profile, and other people. */
export function userRoutes({ users, blocks, account, limits, reads }: Services): Router {
  const router = Router();

  router.get('/me', async (_req, res) => {
    const { user } = callerOf(res);
    res.json(await reads.ask(() => users.me(user)));
  });

  router.patch('/me', async (req, res) => {
    const { user } = callerOf(res);
    const { statusUntil, ...patch } = parse(schemas.patchMe, req.body ?? {});
    const until = statusUntil === undefined ? {} : { statusUntil: timeOf(statusUntil) };
    // The answer tells whether somebody has the address: nobody may try many.
    if (patch.email !== undefined && patch.email !== '') await limits.take('password', user);
    res.json(await users.update(user, { ...patch, ...until }));
  });

  router.delete('/me', async (req, res) => {
    await account.delete(callerOf(res).user, parse(schemas.deleteMe, req.body ?? {}).password);
    res.status(204).end();
  });

  router.get('/me/blocks', async (_req, res) => {
    const { user } = callerOf(res);
    res.json({ users: await reads.ask(() => blocks.list(user)) });
  });

  router.put('/me/blocks/:user', async (req, res) => {
    await blocks.block(callerOf(res).user, parse(schemas.userParams, req.params).user);
    res.status(204).end();
  });

  router.delete('/me/blocks/:user', async (req, res) => {
    await blocks.unblock(callerOf(res).user, parse(schemas.userParams, req.params).user);
    res.status(204).end();
  });

  router.get('/', async (req, res) => {
    const { q, ids, ...page } = parse(schemas.userQuery, req.query);
    res.json(await reads.ask(() => (ids === undefined ? users.search(q, page) : users.named(ids))));
  });

  router.get('/:user', async (req, res) => {
    const { user } = parse(schemas.userParams, req.params);
    res.json(await reads.ask(() => users.get(user)));
  });

  return router;
}

/** '' stands for none. */
const timeOf = (text: string): Date | '' => (text === '' ? '' : new Date(text));
