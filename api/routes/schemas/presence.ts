import Joi from 'joi';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import { commaList, userRef } from './common.ts';

const userList = Joi.array().items(userRef).min(1).max(LIMITS.watchUsers);

/** `users`: ids or usernames with commas between them. */
export const presenceQuery = Joi.object<{ users: string[] }>({
  users: commaList(userList, LIMITS.watchUsers * 33, `1 to ${LIMITS.watchUsers} ids or usernames`).required(),
});
