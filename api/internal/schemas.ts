/** The internal API's bodies; see shared/node/internal.ts for what they mean. */
import Joi from 'joi';
import { INTERNAL_LIMITS, type InternalCursor, type InternalSend } from '../../shared/node/internal.ts';
import { draftWith, id, seq } from '../../shared/node/schemas.ts';

const roomIds = Joi.array().items(id).max(INTERNAL_LIMITS.rooms).required();

export const sends = Joi.object<{ readonly gateway?: string; readonly sends: readonly InternalSend[] }>({
  gateway: Joi.string().max(64),
  sends: Joi.array()
    .items(draftWith<InternalSend>({ user: id.required(), room: id.required() }))
    .max(INTERNAL_LIMITS.sends)
    .required(),
});

export const roomLists = Joi.object<{ readonly users: Readonly<Record<string, readonly string[]>> }>({
  users: Joi.object().pattern(id, Joi.array().items(id).max(1_000)).max(INTERNAL_LIMITS.users).required(),
});

export const heads = Joi.object<{ readonly rooms: readonly string[] }>({ rooms: roomIds });

export const rooms = Joi.object<{ readonly rooms: readonly string[] }>({ rooms: roomIds });

export const log = Joi.object<{
  readonly rooms: Readonly<Record<string, { readonly after: number; readonly to?: number }>>;
}>({
  rooms: Joi.object()
    .pattern(id, Joi.object({ after: seq.required(), to: seq }))
    .max(INTERNAL_LIMITS.rooms)
    .required(),
});

export const cursors = Joi.object<{ readonly cursors: readonly InternalCursor[] }>({
  cursors: Joi.array()
    .items(Joi.object({ user: id.required(), room: id.required(), read: seq, got: seq }).or('read', 'got'))
    .max(INTERNAL_LIMITS.cursors)
    .required(),
});
