import Joi from 'joi';
import { line, text } from '../../../shared/node/schemas.ts';
import type { PatchMeBody } from '../../../shared/wire/rest.ts';
import { anyPassword, displayName, email, futureTime, page, userRef, type Page } from './common.ts';
import { emoji } from './messages.ts';

export const patchMe = Joi.object<PatchMeBody>({
  displayName,
  email: email.allow(''),
  status: line(140).allow(''),
  statusEmoji: emoji.allow(''),
  statusUntil: futureTime.allow(''),
  hidePresence: Joi.boolean().strict(),
}).min(1);
export const deleteMe = Joi.object<{ password: string }>({ password: anyPassword.required() });
export const userQuery = Joi.object<Page & { q: string }>({
  q: text(64).trim().allow('').default(''),
  ...page,
});
export const userParams = Joi.object<{ user: string }>({ user: userRef.required() });
