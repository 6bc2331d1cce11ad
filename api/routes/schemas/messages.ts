import Joi from 'joi';
import { draft, id, seq, seqText, text } from '../../../shared/node/schemas.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from './common.ts';

export interface PageParameters {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly thread?: number;
  readonly seqs?: readonly number[];
  readonly limit: number;
}

/** Messages one call may name. */
const MAX_SEQS = 100;
/** `3,17,20`: single messages, as for those that others quote. */
const seqList = Joi.string()
  .max(MAX_SEQS * 16)
  .pattern(/^\d{1,15}(,\d{1,15})*$/, 'numbers')
  .custom((value: string, helpers) => {
    const seqs = [...new Set(value.split(',').map(Number))];
    if (seqs.length <= MAX_SEQS) return seqs;
    return helpers.message({ custom: `{{#label}} must name at most ${MAX_SEQS} messages` });
  });

export const messageQuery = Joi.object<PageParameters>({
  before: seqText,
  after: seqText,
  around: seqText,
  thread: seqText.min(1),
  seqs: seqList,
  limit: Joi.number().integer().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
})
  .oxor('before', 'after', 'around')
  // A thread is read from its newest reply upwards.
  .without('thread', ['after', 'around'])
  .without('seqs', ['before', 'after', 'around', 'thread']);
export const logQuery = Joi.object<{ readonly after: number }>({ after: seqText.required() });
export const sendMessage = draft;

/** One emoji as people see it, or a pictograph without the mark that makes it colourful. */
const EMOJI = new RegExp('^(?:\\p{RGI_Emoji}|\\p{Extended_Pictographic}\\uFE0F?)$', 'v');
export const emoji = Joi.string()
  .pattern(EMOJI, 'emoji')
  .messages({ 'string.pattern.name': '{{#label}} must be one emoji' });
const message = { room: id.required(), seq: seqText.min(1).required() };
export const messageParams = Joi.object<{ room: string; seq: number }>(message);
export const reactionParams = Joi.object<{ room: string; seq: number; emoji: string }>({
  ...message,
  emoji: emoji.required(),
});
/** Without a text where files stand in the message: their caption goes. */
export const editMessage = Joi.object<{ text: string }>({
  text: text(LIMITS.textLength).allow('').required(),
});
/** Without a seq: the newest by somebody else. */
export const markUnread = Joi.object<{ readonly seq?: number }>({ seq: seq.min(1) });
export const read = Joi.object<{ readonly seq: number }>({ seq: seq.required() });
