import Joi from 'joi';
import { line, text } from '../../../shared/node/schemas.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import type { CreateRoomBody, PatchRoomBody } from '../../../shared/wire/rest.ts';
import { futureTime, page, userRef, type Page } from './common.ts';

/** Users one call may name. */
export const MAX_USERS = 500;
const name = line(80);
const topic = line(250).allow('');
export const users = Joi.array().items(userRef).max(MAX_USERS);

const only = (types: readonly string[], schema: Joi.Schema): Joi.AlternativesSchema | Joi.Schema =>
  schema.when('type', { is: Joi.valid(...types), otherwise: Joi.forbidden() });
const GROUPS = ['group', 'channel'] as const;

export const createRoom = Joi.object<CreateRoomBody>({
  type: Joi.string().valid('dm', 'group', 'channel').required(),
  user: userRef.when('type', { is: 'dm', then: Joi.required(), otherwise: Joi.forbidden() }),
  name: name.when('type', { is: Joi.valid(...GROUPS), then: Joi.required(), otherwise: Joi.forbidden() }),
  topic: only(GROUPS, topic),
  public: only(GROUPS, Joi.boolean().strict()),
  members: only(GROUPS, users),
  clientId: only(GROUPS, text(LIMITS.clientIdLength).min(1)),
});
export const patchRoom = Joi.object<PatchRoomBody>({
  name,
  topic,
  public: Joi.boolean().strict(),
  me: Joi.object({
    notify: Joi.string().valid('all', 'mentions', 'none'),
    favourite: Joi.boolean().strict(),
    archived: Joi.boolean().strict(),
    mutedUntil: futureTime.allow(''),
  }).min(1),
}).min(1);
export const publicRoomQuery = Joi.object<Page & { q: string }>({
  q: text(80).trim().allow('').default(''),
  ...page,
});
