import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import type { PresenceList } from '../../shared/wire/rest.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import * as schemas from './schemas/presence.ts';

/** Who is online, for clients without a socket; behind `authenticate`. */
export function presenceRoutes({ presence }: Services): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { users } = parse(schemas.presenceQuery, req.query);
    const list: PresenceList = { presence: await presence.read(callerOf(res).user, users) };
    res.json(list);
  });
  return router;
}
