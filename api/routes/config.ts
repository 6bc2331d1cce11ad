import { Router } from 'express';
import type { ServerConfig } from '../../shared/wire/rest.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';

/** What a client should know of this server before it lets somebody try; behind `authenticate`. */
export function configRoutes({ attachments, reads }: Services): Router {
  const router = Router();

  router.get('/', async (_req, res) => {
    const { user } = callerOf(res);
    const config: ServerConfig = { files: await reads.ask(() => attachments.limitsOf(user)) };
    res.json(config);
  });

  return router;
}
