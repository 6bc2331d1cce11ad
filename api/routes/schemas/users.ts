import Joi from 'joi';
import { id, line, text } from '../../../shared/node/schemas.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import type { PatchMeBody } from '../../../shared/wire/rest.ts';
import {
  anyPassword,
  commaList,
  displayName,
  email,
  futureTime,
  page,
  userRef,
  type Page,
} from './common.ts';
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
const idList = Joi.array().items(id).min(1).max(LIMITS.namedUsers);

/** `ids`: with commas between them; then nothing is searched for. */
export const userQuery = Joi.object<Page & { q: string; ids?: string[] }>({
  q: text(64).trim().allow('').default(''),
  ids: commaList(idList, LIMITS.namedUsers * 25, `1 to ${LIMITS.namedUsers} ids`),
  ...page,
});
export const userParams = Joi.object<{ user: string }>({ user: userRef.required() });
