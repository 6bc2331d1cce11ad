import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import { roomParams } from './schemas/common.ts';
import * as schemas from './schemas/invites.ts';

/** A room's invite links: mounted beside the rooms' own routes. */
export function roomInviteRoutes({ invites }: Services): Router {
  const router = Router();

  router.post('/:room/invites', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const body = parse(schemas.createInvite, req.body ?? {});
    res.status(201).json(await invites.create(callerOf(res).user, room, body));
  });

  router.get('/:room/invites', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    res.json({ invites: await invites.list(callerOf(res).user, room) });
  });

  router.delete('/:room/invites/:invite', async (req, res) => {
    const { room, invite } = parse(schemas.inviteParams, req.params);
    await invites.revoke(callerOf(res).user, room, invite);
    res.status(204).end();
  });

  return router;
}

/** What the holder of a link may do; behind `authenticate`. */
export function inviteRoutes({ invites }: Services): Router {
  const router = Router();

  router.get('/:token', async (req, res) => {
    const { token } = parse(schemas.tokenParams, req.params);
    res.json(await invites.preview(callerOf(res).user, token));
  });

  router.post('/:token/join', async (req, res) => {
    const { token } = parse(schemas.tokenParams, req.params);
    res.json(await invites.join(callerOf(res).user, token));
  });

  return router;
}
