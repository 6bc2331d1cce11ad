import Joi from 'joi';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import { userRef } from './common.ts';

const userList = Joi.array().items(userRef).min(1).max(LIMITS.watchUsers);

/** `users`: ids or usernames with commas between them. */
export const presenceQuery = Joi.object<{ users: string[] }>({
  users: Joi.string()
    .max(LIMITS.watchUsers * 33)
    .required()
    .custom((value: string, helpers) => {
      const result = userList.validate(value.split(','));
      return result.error === undefined ? (result.value as string[]) : helpers.error('users.list');
    })
    .messages({
      'users.list': `{{#label}} must be 1 to ${LIMITS.watchUsers} ids or usernames with commas between them`,
    }),
});
