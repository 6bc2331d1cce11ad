import Joi from 'joi';
import { draft, id, seq, seqText, text } from '../../../shared/node/schemas.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from './common.ts';

export interface PageParameters {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly thread?: number;
  readonly limit: number;
}

export const messageQuery = Joi.object<PageParameters>({
  before: seqText,
  after: seqText,
  around: seqText,
  thread: seqText.min(1),
  limit: Joi.number().integer().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
})
  .oxor('before', 'after', 'around')
  // A thread is read from its newest reply upwards.
  .without('thread', ['after', 'around']);
export const logQuery = Joi.object<{ readonly after: number }>({ after: seqText.required() });
export const sendMessage = draft;

/** One emoji as people see it, or a pictograph without the mark that makes it colourful. */
const EMOJI = new RegExp('^(?:\\p{RGI_Emoji}|\\p{Extended_Pictographic}\\uFE0F?)$', 'v');
const message = { room: id.required(), seq: seqText.min(1).required() };
export const messageParams = Joi.object<{ room: string; seq: number }>(message);
export const reactionParams = Joi.object<{ room: string; seq: number; emoji: string }>({
  ...message,
  emoji: Joi.string()
    .pattern(EMOJI, 'emoji')
    .required()
    .messages({ 'string.pattern.name': '{{#label}} must be one emoji' }),
});
export const editMessage = Joi.object<{ text: string }>({
  text: text(LIMITS.textLength).required(),
});
export const read = Joi.object<{ readonly seq: number }>({ seq: seq.required() });
