import Joi from 'joi';
import { text } from '../../../shared/node/schemas.ts';
import { anyPassword, displayName, email, page, userRef, type Page } from './common.ts';

export const patchMe = Joi.object<{ displayName?: string; email?: string; status?: string }>({
  displayName,
  email: email.allow(''),
  status: text(140).trim().allow(''),
}).min(1);
export const deleteMe = Joi.object<{ password: string }>({ password: anyPassword.required() });
export const userQuery = Joi.object<Page & { q: string }>({
  q: text(64).trim().allow('').default(''),
  ...page,
});
export const userParams = Joi.object<{ user: string }>({ user: userRef.required() });
