import Joi from 'joi';
import { id, seq, text, visibleText } from '../../../shared/node/schemas.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import type { DraftBody, PatchScheduledBody, ScheduleBody } from '../../../shared/wire/rest.ts';

export const draftBody = Joi.object<DraftBody>({
  /** Empty: no draft any more. */
  text: text(LIMITS.textLength).allow('').required(),
  replyTo: seq.min(1),
  thread: seq.min(1),
});

const time = Joi.string().isoDate();
const messageText = visibleText(LIMITS.textLength);
export const scheduleBody = Joi.object<ScheduleBody>({
  clientId: text(LIMITS.clientIdLength).min(1).required(),
  text: messageText.required(),
  replyTo: seq.min(1),
  thread: seq.min(1),
  at: time.required(),
});
export const scheduledParams = Joi.object<{ id: string }>({ id: id.required() });
export const patchScheduled = Joi.object<PatchScheduledBody>({ text: messageText, at: time }).min(1);
