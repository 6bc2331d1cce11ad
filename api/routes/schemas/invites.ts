import Joi from 'joi';
import { id } from '../../../shared/node/schemas.ts';
import type { CreateInviteBody } from '../../../shared/wire/rest.ts';

/** Seconds: a minute to a year. */
const expiresIn = Joi.number()
  .strict()
  .integer()
  .min(60)
  .max(366 * 86_400);
const token = Joi.string()
  .pattern(/^[A-Za-z0-9_-]{16,64}$/, 'token')
  .messages({ 'string.pattern.name': '{{#label}} is not one of ours' });

/** Without a limit a link is good until it is revoked. */
export const createInvite = Joi.object<CreateInviteBody>({
  expiresIn,
  maxUses: Joi.number().strict().integer().min(1).max(10_000),
});
export const inviteParams = Joi.object<{ room: string; invite: string }>({
  room: id.required(),
  invite: id.required(),
});
export const tokenParams = Joi.object<{ token: string }>({ token: token.required() });
