import Joi from 'joi';
import { id } from '../../../shared/node/schemas.ts';
import type { Role } from '../../../shared/wire/rest.ts';
import { MAX_LIMIT, page, userRef, type Page } from './common.ts';
import { users } from './rooms.ts';

/** A page of members is as large as a page can be: receipts and mentions need them all. */
export const memberQuery = Joi.object<Page>({ ...page, limit: page.limit.default(MAX_LIMIT) });
export const addMembers = Joi.object<{ users: string[] }>({ users: users.min(1).required() });
export const patchMember = Joi.object<{ role: Role }>({
  role: Joi.string().valid('owner', 'admin', 'member').required(),
});
export const memberParams = Joi.object<{ room: string; user: string }>({
  room: id.required(),
  user: userRef.required(),
});
