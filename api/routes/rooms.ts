import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import { roomParams } from './schemas/common.ts';
import * as schemas from './schemas/rooms.ts';

/** Rooms and their settings. */
export function roomRoutes({ rooms, createRoom, deleteRoom, reads }: Services): Router {
  const router = Router();

  router.get('/', async (_req, res) => {
    const { user } = callerOf(res);
    res.json({ rooms: await reads.ask(() => rooms.mine(user)) });
  });

  router.post('/', async (req, res) => {
    const { room, created } = await createRoom.create(
      callerOf(res).user,
      parse(schemas.createRoom, req.body ?? {}),
    );
    res.status(created ? 201 : 200).json(room);
  });

  router.get('/public', async (req, res) => {
    const { q, ...page } = parse(schemas.publicRoomQuery, req.query);
    const { user } = callerOf(res);
    res.json(await reads.ask(() => rooms.searchPublic(user, q, page)));
  });

  router.get('/:room', async (req, res) => {
    const { user } = callerOf(res);
    const { room } = parse(roomParams, req.params);
    res.json(await reads.ask(() => rooms.get(user, room)));
  });

  router.patch('/:room', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    res.json(await rooms.change(callerOf(res).user, room, parse(schemas.patchRoom, req.body ?? {})));
  });

  router.delete('/:room', async (req, res) => {
    await deleteRoom.delete(callerOf(res).user, parse(roomParams, req.params).room);
    res.status(204).end();
  });

  return router;
}
