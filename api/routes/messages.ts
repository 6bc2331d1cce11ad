import { Router } from 'express';
import { parse } from '../../shared/node/schemas.ts';
import type { MessagePage } from '../../shared/wire/rest.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import type { History } from '../services/history.ts';
import type { PageQuery } from '../services/log/reader.ts';
import { roomParams } from './schemas/common.ts';
import * as schemas from './schemas/messages.ts';

/** A room's messages, its log, and the caller's cursor in it; behind `authenticate`. Sending has a place of its own. */
export function messageRoutes({
  membership,
  messageChanges,
  markUnread,
  history,
  log,
  cursors,
}: Services): Router {
  const router = Router();

  router.get('/:room/messages', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const query = parse(schemas.messageQuery, req.query);
    res.json(await readPage(history, callerOf(res).user, room, query));
  });

  router.get('/:room/messages/:seq/edits', async (req, res) => {
    const { room, seq } = parse(schemas.messageParams, req.params);
    res.json(await history.edits(callerOf(res).user, room, seq));
  });

  router.get('/:room/log', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const { after } = parse(schemas.logQuery, req.query);
    res.json(await history.log(callerOf(res).user, room, after));
  });

  router.patch('/:room/messages/:seq', async (req, res) => {
    const { room, seq } = parse(schemas.messageParams, req.params);
    const { text } = parse(schemas.editMessage, req.body ?? {});
    res.json(await log.present(await messageChanges.edit(callerOf(res).user, room, seq, text)));
  });

  router.delete('/:room/messages/:seq', async (req, res) => {
    const { room, seq } = parse(schemas.messageParams, req.params);
    res.json(await log.present(await messageChanges.remove(callerOf(res).user, room, seq)));
  });

  router.put('/:room/messages/:seq/reactions/:emoji', async (req, res) => {
    const { room, seq, emoji } = parse(schemas.reactionParams, req.params);
    res.json(await log.present(await messageChanges.react(callerOf(res).user, room, seq, emoji)));
  });

  router.delete('/:room/messages/:seq/reactions/:emoji', async (req, res) => {
    const { room, seq, emoji } = parse(schemas.reactionParams, req.params);
    res.json(await log.present(await messageChanges.unreact(callerOf(res).user, room, seq, emoji)));
  });

  router.put('/:room/messages/:seq/pin', async (req, res) => {
    const { room, seq } = parse(schemas.messageParams, req.params);
    res.json(await log.present(await messageChanges.pin(callerOf(res).user, room, seq)));
  });

  router.delete('/:room/messages/:seq/pin', async (req, res) => {
    const { room, seq } = parse(schemas.messageParams, req.params);
    res.json(await log.present(await messageChanges.unpin(callerOf(res).user, room, seq)));
  });

  router.get('/:room/pins', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    res.json({ messages: await log.presentAll(await history.pins(callerOf(res).user, room)) });
  });

  router.post('/:room/read', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const { seq } = parse(schemas.read, req.body ?? {});
    const { user } = callerOf(res);
    await membership.require(user, room);
    await cursors.raise([{ user, room, read: seq }]);
    res.status(204).end();
  });

  router.post('/:room/unread', async (req, res) => {
    const { room } = parse(roomParams, req.params);
    const { seq } = parse(schemas.markUnread, req.body ?? {});
    res.json(await markUnread.mark(callerOf(res).user, room, seq));
  });

  return router;
}

function readPage(
  history: History,
  user: string,
  room: string,
  query: schemas.PageParameters,
): Promise<MessagePage> {
  if (query.seqs !== undefined) return history.at(user, room, query.seqs);
  if (query.thread !== undefined) return history.thread(user, room, query.thread, query.before, query.limit);
  return history.page(user, room, pageQuery(query), query.limit);
}

function pageQuery({ before, after, around }: schemas.PageParameters): PageQuery {
  if (before !== undefined) return { kind: 'before', seq: before };
  if (after !== undefined) return { kind: 'after', seq: after };
  return around === undefined ? { kind: 'newest' } : { kind: 'around', seq: around };
}
