import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import { roomParams } from './schemas/common.ts';
import { previewQuery } from './schemas/previews.ts';

/** Cards for the links in a room's messages; behind `authenticate`. */
export function previewRoutes({ previews }: Services): Router {
  const router = Router();

  router.get('/:room/previews', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const { seqs } = parse(previewQuery, req.query);
    res.json(await previews.of(callerOf(res).user, room, seqs));
  });

  return router;
}
