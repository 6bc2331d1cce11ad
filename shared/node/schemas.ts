/** joi schemas that REST and the socket share: an input means the same wherever it enters. */
import Joi from 'joi';
import { LIMITS, type MessageDraft } from '../wire/protocol.ts';
import { ParleyError } from './errors.ts';

export const id = Joi.string()
  .pattern(/^[0-9a-f]{24}$/, 'id')
  .messages({ 'string.pattern.name': '{{#label}} must be an id' });
/** A number of a room's log; 48 bits go over the bus. */
export const seq = Joi.number()
  .strict()
  .integer()
  .min(0)
  .max(2 ** 47);
/** For query strings, where numbers arrive as text. */
export const seqText = Joi.number()
  .integer()
  .min(0)
  .max(2 ** 47);

/** Any text a person writes: well-formed UTF-16 without NUL, which neither JSON nor the store can carry everywhere. */
export const text = (max: number): Joi.StringSchema =>
  Joi.string()
    .max(max)
    .custom((value: string, helpers) => {
      if (value.includes('\0')) return helpers.error('text.nul');
      return value.isWellFormed() ? value : helpers.error('text.surrogate');
    })
    .messages({
      'text.nul': '{{#label}} must not contain NUL',
      'text.surrogate': '{{#label}} must be well-formed Unicode',
    });

/** The fields of a message as its sender writes it: text may be empty only beside attachments. */
export const draftFields = {
  clientId: text(LIMITS.clientIdLength).min(1).required(),
  text: text(LIMITS.textLength)
    .required()
    .when('attachments', { is: Joi.array().min(1).required(), then: Joi.allow('') }),
  replyTo: seq.min(1),
  thread: seq.min(1),
  attachments: Joi.array().items(id).max(LIMITS.attachments).unique(),
  after: seq,
};
export const draft = Joi.object<MessageDraft>(draftFields);

/** `value` as the schema says, nothing converted unless the schema does; throws `invalid` with every field's complaint. */
export function parse<T>(schema: Joi.Schema<T>, value: unknown): T {
  const result = schema.validate(value, { abortEarly: false, errors: { wrap: { label: false } } });
  if (result.error === undefined) return result.value as T;
  const fields = result.error.details
    .slice(0, 20)
    .map((d) => ({ field: d.path.join('.'), message: d.message }));
  throw new ParleyError(
    'invalid',
    fields
      .map((f) => f.message)
      .join('; ')
      .slice(0, 500),
    { fields },
  );
}
