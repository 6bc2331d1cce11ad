import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import { MAX_LIMIT, roomParams } from './schemas/common.ts';
import * as schemas from './schemas/members.ts';

/** Who is in a room: mounted beside the rooms' own routes. */
export function memberRoutes({ members, reads }: Services): Router {
  const router = Router();

  router.post('/:room/join', async (req, res) => {
    res.json(await members.join(callerOf(res).user, parse(roomParams, req.params).room));
  });

  router.post('/:room/leave', async (req, res) => {
    await members.leave(callerOf(res).user, parse(roomParams, req.params).room);
    res.status(204).end();
  });

  router.get('/:room/members', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const query = parse(schemas.memberQuery, req.query);
    const { user } = callerOf(res);
    res.json(await reads.ask(() => members.list(user, room, query)));
  });

  router.post('/:room/members', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const { users } = parse(schemas.addMembers, req.body ?? {});
    res.json(await members.add(callerOf(res).user, room, users, { limit: MAX_LIMIT }));
  });

  router.patch('/:room/members/:user', async (req, res) => {
    const { room, user } = parse(schemas.memberParams, req.params);
    const { role } = parse(schemas.patchMember, req.body ?? {});
    res.json(await members.setRole(callerOf(res).user, room, user, role));
  });

  router.delete('/:room/members/:user', async (req, res) => {
    const { room, user } = parse(schemas.memberParams, req.params);
    await members.remove(callerOf(res).user, room, user);
    res.status(204).end();
  });

  return router;
}
