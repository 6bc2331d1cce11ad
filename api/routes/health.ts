import { Router } from 'express';
import type { Readiness } from '../../shared/node/internal-server.ts';

/** For load balancers: `healthz` while the process runs, `readyz` while it should be sent requests. */
export function healthRoutes(readiness: () => Promise<Readiness>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'live' });
  });
  router.get('/readyz', async (_req, res) => {
    const state = await readiness();
    res.status(state.status === 'draining' ? 503 : 200).json(state);
  });
  return router;
}
