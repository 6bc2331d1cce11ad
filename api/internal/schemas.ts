/** The internal API's bodies; see shared/node/internal.ts for what they mean. */
import Joi from 'joi';
import { INTERNAL_LIMITS, type InternalCursor, type InternalSend } from '../../shared/node/internal.ts';
import { isPlainDraft } from '../../shared/node/plain-draft.ts';
import { draftWith, id, seq } from '../../shared/node/schemas.ts';

const roomIds = Joi.array().items(id).max(INTERNAL_LIMITS.rooms).required();

const GATEWAY_NAME = 64;
export interface Sends {
  readonly gateway?: string;
  readonly sends: readonly InternalSend[];
}
export const sends = Joi.object<Sends>({
  gateway: Joi.string().max(GATEWAY_NAME),
  sends: Joi.array()
    .items(draftWith<InternalSend>({ user: id.required(), room: id.required() }))
    .max(INTERNAL_LIMITS.sends)
    .required(),
});

const PLACE = ['user', 'room'];

/** The body of `sends`, where it holds nothing out of the ordinary; anything else is for the schema. */
export function plainSends(body: unknown): Sends | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  for (const name in body) if (name !== 'gateway' && name !== 'sends') return undefined;
  const { gateway, sends } = body as { readonly gateway?: unknown; readonly sends?: unknown };
  if (
    gateway !== undefined &&
    !(typeof gateway === 'string' && gateway.length > 0 && gateway.length <= GATEWAY_NAME)
  )
    return undefined;
  if (!Array.isArray(sends) || sends.length > INTERNAL_LIMITS.sends) return undefined;
  return sends.every((send) => isPlainDraft(send, PLACE)) ? (body as Sends) : undefined;
}

export const roomLists = Joi.object<{
  readonly users: Readonly<Record<string, readonly string[]>>;
  readonly digests?: Readonly<Record<string, string>>;
}>({
  users: Joi.object().pattern(id, Joi.array().items(id).max(1_000)).max(INTERNAL_LIMITS.users).required(),
  digests: Joi.object().pattern(id, Joi.string().hex().length(16)).max(INTERNAL_LIMITS.users),
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
