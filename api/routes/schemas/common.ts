import Joi from 'joi';
import { id, line, text } from '../../../shared/node/schemas.ts';
import { MAX_PASSWORD_BYTES } from '../../services/passwords.ts';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;
/** ms ahead of now that a time may lie. */
const MAX_AHEAD = 366 * 86_400_000;

/** `limit` and `cursor` of every list. */
export const page = {
  limit: Joi.number().integer().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: Joi.string().max(512),
};
export interface Page {
  readonly limit: number;
  readonly cursor?: string;
}

export const username = Joi.string()
  .pattern(/^[a-z0-9_.-]{3,32}$/, 'username')
  .messages({ 'string.pattern.name': '{{#label}} must be 3 to 32 of a-z 0-9 _ . -' });
/** A user by id or username. */
export const userRef = username;
export const displayName = line(64);
export const email = text(254).email({ tlds: false }).lowercase();

/** As it is checked; what bcrypt would ignore is refused. */
export const anyPassword = text(1_024)
  .min(1)
  .custom((value: string, helpers) =>
    Buffer.byteLength(value) > MAX_PASSWORD_BYTES ? helpers.error('password.bytes') : value,
  )
  .messages({ 'password.bytes': `{{#label}} must be at most ${MAX_PASSWORD_BYTES} bytes` });
/** As it is chosen. */
export const newPassword = anyPassword.min(8);

/** A time to come, within the year. Stays the text it is. */
export const futureTime = Joi.string()
  .max(40)
  .isoDate()
  .custom((value: string, helpers) => {
    const ahead = Date.parse(value) - Date.now();
    return ahead > 0 && ahead <= MAX_AHEAD ? value : helpers.error('time.ahead');
  })
  .messages({ 'time.ahead': '{{#label}} must lie ahead, within a year' });

/** A text of at most `max` characters with the items of `list` in it, commas between them; gives the items. `must` names them in the complaint. */
export const commaList = (list: Joi.ArraySchema, max: number, must: string): Joi.StringSchema =>
  Joi.string()
    .max(max)
    .custom((value: string, helpers) => {
      const result = list.validate(value.split(','));
      return result.error === undefined ? result.value : helpers.error('commas');
    })
    .messages({ commas: `{{#label}} must be ${must} with commas between them` });

export const roomParams = Joi.object<{ room: string }>({ room: id.required() });
export const none = Joi.object<Record<never, never>>({});
