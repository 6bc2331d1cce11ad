import Joi from 'joi';
import { draft, seq, seqText } from '../../../shared/node/schemas.ts';
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
export const read = Joi.object<{ readonly seq: number }>({ seq: seq.required() });
