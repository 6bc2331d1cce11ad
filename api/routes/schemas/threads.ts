import Joi from 'joi';
import { id, seq, seqText } from '../../../shared/node/schemas.ts';
import { page, type Page } from './common.ts';

export const threadParams = Joi.object<{ room: string; seq: number }>({
  room: id.required(),
  seq: seqText.min(1).required(),
});
export const threadPage = Joi.object<Page>(page);
/** Those one follows are the only list there is over all rooms. */
export const followedQuery = Joi.object<Page & { readonly following?: string }>({
  following: Joi.valid('', 'true'),
  ...page,
});
export const readThread = Joi.object<{ readonly seq: number }>({ seq: seq.required() });
