/** joi schemas that REST and the socket share: an input means the same wherever it enters. */
import Joi from 'joi';
import { LIMITS, type MessageDraft } from '../wire/protocol.ts';
import { isBlank, tidyLine } from '../wire/visible.ts';
import { ParleyError } from './errors.ts';

export const ID = /^[0-9a-f]{24}$/;
export const id = Joi.string()
  .custom((value: string, helpers) =>
    ID.test(value) ? value : helpers.message({ custom: '{{#label}} must be an id' }),
  )
  // For the documents: what only code checks, they cannot see.
  .meta({ schema: { pattern: ID.source } });
export const MAX_SEQ = 2 ** 47;
/** A number of a room's log; 48 bits go over the bus. */
export const seq = Joi.number().strict().integer().min(0).max(MAX_SEQ);
/** For query strings, where numbers arrive as text. */
export const seqText = Joi.number().integer().min(0).max(MAX_SEQ);

/** Any text a person writes: well-formed UTF-16 without NUL, which neither JSON nor the store can carry everywhere. */
export const text = (max: number): Joi.StringSchema =>
  Joi.string()
    .max(max)
    .custom((value: string, helpers) => {
      if (value.includes('\0')) return helpers.message({ custom: '{{#label}} must not contain NUL' });
      if (!value.isWellFormed()) return helpers.message({ custom: '{{#label}} must be well-formed Unicode' });
      return value;
    });

const BLANK = '{{#label}} must have something in it that can be seen';

/** A text with something to see in it. */
export const visibleText = (max: number): Joi.StringSchema =>
  text(max)
    .min(1)
    .custom((value: string, { message: complain }) => (isBlank(value) ? complain({ custom: BLANK }) : value));

/** A name, or whatever else stands on one line beside other people's: kept without what nobody sees, some of which is left to see. */
export const line = (max: number): Joi.StringSchema =>
  text(max)
    .trim()
    .min(1)
    .custom((value: string, { message: complain }) => {
      const tidy = tidyLine(value);
      return isBlank(tidy) ? complain({ custom: BLANK }) : tidy;
    });

/** Of a message: blank only beside attachments. Asked here, since a condition (`when`) costs half a validation more. */
const messageText = text(LIMITS.textLength)
  .min(0)
  .required()
  .custom((value: string, { error, message: complain, state }) => {
    const [message] = (state.ancestors ?? []) as readonly {
      readonly attachments?: unknown;
      readonly forward?: unknown;
    }[];
    if (message?.forward !== undefined)
      return value === '' ? value : complain({ custom: '{{#label}} must be empty beside forward' });
    if (!isBlank(value)) return value;
    const attachments = message?.attachments;
    if (Array.isArray(attachments) && attachments.length > 0) return value;
    return value === '' ? error('string.empty') : complain({ custom: BLANK });
  });

const ownFiles = Joi.array()
  .items(id)
  .max(LIMITS.attachments)
  .unique()
  .custom((value: readonly unknown[], { message: complain, state }) => {
    const [message] = (state.ancestors ?? []) as readonly { readonly forward?: unknown }[];
    if (value.length === 0 || message?.forward === undefined) return value;
    return complain({ custom: '{{#label}} must be empty beside forward' });
  });

/** A message as its sender writes it, with the fields in `more` beside. */
export const draftWith = <T extends MessageDraft>(more: Joi.PartialSchemaMap<T> = {}): Joi.ObjectSchema<T> =>
  Joi.object<T>({
    clientId: text(LIMITS.clientIdLength).min(1).required(),
    text: messageText,
    replyTo: seq.min(1),
    thread: seq.min(1),
    attachments: ownFiles,
    forward: Joi.object({ room: id.required(), seq: seq.min(1).required() }),
    after: seq,
    ...more,
  });
export const draft = draftWith<MessageDraft>();

/** Says everything that is wrong, in words that name fields without quotes. */
const COMPLAIN = { abortEarly: false, errors: { wrap: { label: false } } } as const;

/** `value` as the schema says, nothing converted unless the schema does; throws `invalid` with every field's complaint. */
export function parse<T>(schema: Joi.Schema<T>, value: unknown): T {
  // Most input is right, and options cost more than most schemas.
  const quick = schema.validate(value);
  if (quick.error === undefined) return quick.value as T;
  const details = schema.validate(value, COMPLAIN).error?.details ?? quick.error.details;
  const fields = details.slice(0, 20).map((d) => ({ field: d.path.join('.'), message: d.message }));
  const message = fields.map((f) => f.message).join('; ');
  throw new ParleyError('invalid', message.slice(0, 500), { fields });
}
