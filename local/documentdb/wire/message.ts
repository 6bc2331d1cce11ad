import { documentLength, MalformedBson, validate } from './bsonScan.ts';

/** The largest message either side may send, as MongoDB itself has it; told to drivers in `hello`. */
export const MAX_MESSAGE_BYTES = 48_000_000;

const HEADER = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
/** Flag bits of OP_MSG; the first 16 must be understood, the others may be ignored. */
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;

/** What a client may not send: its connection is closed, the others go on. */
export class ProtocolError extends Error {}

/** A list of documents sent beside the command's body (`documents`, `updates`, `deletes`), end to end. */
export type Sequence = { readonly name: string; readonly bytes: Buffer };

export type Request = {
  readonly id: number;
  readonly body: Buffer;
  readonly sequence: Sequence | undefined;
  /** The old form, used for a connection's first message only; its answer has the old form as well. */
  readonly legacy: boolean;
  /** The client waits for no answer (write concern 0). */
  readonly silent: boolean;
};

/** Length of the message that starts with these bytes (at least 4), header included. */
export function messageLength(bytes: Buffer): number {
  const length = bytes.readInt32LE(0);
  if (length < HEADER + 5 || length > MAX_MESSAGE_BYTES)
    throw new ProtocolError(`a message of ${length} bytes`);
  return length;
}

/** Parses one whole message; the result's buffers are views of it. Throws ProtocolError on anything malformed. */
export function parseMessage(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  try {
    if (opcode === OP_MSG) return parseMsg(id, message);
    if (opcode === OP_QUERY) return parseQuery(id, message);
  } catch (error) {
    if (error instanceof MalformedBson || error instanceof RangeError) throw new ProtocolError(error.message);
    throw error;
  }
  throw new ProtocolError(`opcode ${opcode} is unknown`);
}

function parseMsg(id: number, message: Buffer): Request {
  const flags = message.readUInt32LE(HEADER);
  if ((flags & 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME)) !== 0) throw new ProtocolError(`flags ${flags}`);
  // The checksum is not verified: bytes do not change on their way over the loopback interface.
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  let body: Buffer | undefined;
  let sequence: Sequence | undefined;
  for (let at = HEADER + 4; at < end;) {
    const kind = message[at];
    at += 1;
    if (kind === 0 && !body) {
      body = message.subarray(at, at + documentLength(message, at, end));
      validate(body);
      at += body.length;
    } else if (kind === 1 && !sequence) {
      const length = message.readInt32LE(at);
      if (length < 5 || length > end - at) throw new ProtocolError('a section has an impossible length');
      sequence = parseSequence(message.subarray(at + 4, at + length));
      at += length;
    } else {
      throw new ProtocolError(`an unexpected section of kind ${kind ?? 'none'}`);
    }
  }
  if (!body) throw new ProtocolError('a message without a body');
  return { id, body, sequence, legacy: false, silent: (flags & MORE_TO_COME) !== 0 };
}

function parseSequence(section: Buffer): Sequence {
  const nameEnd = section.indexOf(0);
  if (nameEnd < 0) throw new ProtocolError('a section without a name');
  const bytes = section.subarray(nameEnd + 1);
  for (const start of documentStarts(bytes)) validate(bytes, start, start + documentLength(bytes, start));
  return { name: section.toString('utf8', 0, nameEnd), bytes };
}

/** Where each document of a sequence starts. */
export function* documentStarts(bytes: Buffer): Generator<number> {
  for (let at = 0; at < bytes.length; at += documentLength(bytes, at)) yield at;
}

function parseQuery(id: number, message: Buffer): Request {
  const nameEnd = message.indexOf(0, HEADER + 4);
  if (nameEnd < 0) throw new ProtocolError('a query without a collection');
  const start = nameEnd + 9;
  const body = message.subarray(start, start + documentLength(message, start));
  validate(body);
  return { id, body, sequence: undefined, legacy: true, silent: false };
}

/** The answer to a request, whole. `document` is copied. */
export function encodeReply(request: Request, document: Buffer): Buffer {
  const prefix = request.legacy ? 20 : 5;
  const reply = Buffer.alloc(HEADER + prefix + document.length);
  reply.writeInt32LE(reply.length, 0);
  reply.writeInt32LE(request.id, 8);
  reply.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  // OP_REPLY: flags (8: may await), no cursor, from 0, one document. OP_MSG: no flags, a section of kind 0.
  if (request.legacy) {
    reply.writeInt32LE(8, HEADER);
    reply.writeInt32LE(1, HEADER + 16);
  }
  document.copy(reply, HEADER + prefix);
  return reply;
}
