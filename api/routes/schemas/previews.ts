import Joi from 'joi';
import { seqText } from '../../../shared/node/schemas.ts';
import { commaList } from './common.ts';

/** Messages one call may ask about. */
export const MAX_PREVIEWED = 20;

const seqs = Joi.array()
  .items(seqText.min(1))
  .min(1)
  .max(MAX_PREVIEWED)
  .custom((value: readonly number[]) => [...new Set(value)]);

/** `seqs`: the numbers of messages with commas between them. */
export const previewQuery = Joi.object<{ seqs: number[] }>({
  seqs: commaList(seqs, MAX_PREVIEWED * 16, `1 to ${MAX_PREVIEWED} numbers`).required(),
});
