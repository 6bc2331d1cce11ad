import Joi from 'joi';
import { seqText } from '../../../shared/node/schemas.ts';

/** Messages one call may ask about. */
export const MAX_PREVIEWED = 20;

const seqs = Joi.array().items(seqText.min(1)).min(1).max(MAX_PREVIEWED);

/** `seqs`: the numbers of messages with commas between them. */
export const previewQuery = Joi.object<{ seqs: number[] }>({
  seqs: Joi.string()
    .max(MAX_PREVIEWED * 16)
    .required()
    .custom((value: string, helpers) => {
      const result = seqs.validate(value.split(','));
      return result.error === undefined ? [...new Set(result.value as number[])] : helpers.error('seqs.list');
    })
    .messages({ 'seqs.list': `{{#label}} must be 1 to ${MAX_PREVIEWED} numbers with commas between them` }),
});
