import Joi from 'joi';
import { isPlainDraft } from '../shared/node/plain-draft.ts';
import { draftWith, id, parse, seq } from '../shared/node/schemas.ts';
import { type ClientFrame, LIMITS, parseFrame, type SendFrame } from '../shared/wire/protocol.ts';

/** Longer than any token of ours. */
const TOKEN_LENGTH = 4_096;

/** The client broke the protocol itself: the socket closes with 4400 and this sentence. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
}

const token = Joi.string().max(TOKEN_LENGTH).required();
const type = Joi.string().required();
const seqByRoom = Joi.object().pattern(id, seq).max(LIMITS.helloRooms);

const schemas = new Map<string, Joi.ObjectSchema<ClientFrame>>([
  ['hello', Joi.object({ type, token, rooms: seqByRoom })],
  ['auth', Joi.object({ type, token })],
  ['send', draftWith<SendFrame>({ type, room: id.required() })],
  ['read', Joi.object({ type, room: id.required(), seq: seq.required() })],
  ['got', Joi.object({ type, rooms: seqByRoom.required() })],
  ['typing', Joi.object({ type, room: id.required() })],
  ['watch', Joi.object({ type, users: Joi.array().items(id).max(LIMITS.watchUsers).required() })],
  ['away', Joi.object({ type, away: Joi.boolean().strict().required() })],
  ['ping', Joi.object({ type })],
]);

/** Ids in a `send`. */
const PLACE = ['room'];

/** A frame whose type is known; its fields are yet to be checked. */
export interface RawFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The object in a frame's text; throws ProtocolViolation for bad JSON and unknown types. */
export function readFrame(text: string): RawFrame {
  let frame: RawFrame;
  try {
    frame = parseFrame(text);
  } catch (error) {
    throw new ProtocolViolation(error instanceof Error ? error.message : 'not a frame');
  }
  if (!schemas.has(frame.type)) throw new ProtocolViolation('unknown type');
  return frame;
}

/** The frame with its fields checked; throws ParleyError `invalid`. */
export function checkFrame(raw: RawFrame): ClientFrame {
  if (isPlainDraft(raw, PLACE, 'send')) return raw as unknown as SendFrame;
  const schema = schemas.get(raw.type);
  if (schema === undefined) throw new ProtocolViolation('unknown type');
  return parse(schema, raw);
}

/** The clientId of a frame that may be otherwise bad, so that its sender can tell which one was refused. */
export function clientIdOf(raw: RawFrame): string | undefined {
  const clientId = raw['clientId'];
  return typeof clientId === 'string' && clientId.length <= LIMITS.clientIdLength ? clientId : undefined;
}
