import type { Request, RequestHandler } from 'express';
import { isPlainDraft } from '../../shared/node/plain-draft.ts';
import { ID, parse } from '../../shared/node/schemas.ts';
import { messageInFrame, type MessageDraft } from '../../shared/wire/protocol.ts';
import { callerOf } from '../middleware/authenticate.ts';
import type { Services } from '../services/index.ts';
import { answer, answerText } from './answer.ts';
import { roomParams } from './schemas/common.ts';
import * as schemas from './schemas/messages.ts';

/** POST /rooms/:room/messages, behind `authenticate`. */
export function sendMessage({ sends, log }: Pick<Services, 'sends' | 'log'>): RequestHandler {
  return async (req, res) => {
    const room = roomIn(req.params);
    const draft = draftIn(req.body ?? {});
    const { entry, created, frame } = await sends.send(callerOf(res).user, room, draft, 'rest');
    if (frame !== undefined) return answerText(res, 201, messageInFrame(frame));
    answer(res, created ? 201 : 200, await log.present(entry));
  };
}

/** Throws `invalid`, for which the schema has the words. */
function roomIn(params: Request['params']): string {
  const { room } = params;
  return typeof room === 'string' && ID.test(room) ? room : parse(roomParams, params).room;
}

/** Throws `invalid`. The schema is asked about what is not plain only: it costs more than all else that is done with a body. */
function draftIn(body: unknown): MessageDraft {
  return isPlainDraft(body, []) ? (body as MessageDraft) : parse(schemas.sendMessage, body);
}
