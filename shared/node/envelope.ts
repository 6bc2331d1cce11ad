/**
 * What travels through Redis: a fixed binary header, then the final bytes of the client's frame. A gateway reads the
 * header only; the body goes to the sockets as it is.
 *
 *   byte 0      kind
 *   bytes 1-12  room id (zeroes where there is none)
 *   bytes 13-18 number, unsigned 48 bits: seq for log entries, v for room signals
 *   bytes 19-   the frame, UTF-8 JSON (may be empty for a bare signal)
 */
export const Kind = {
  /** A number of the room's log: `message`, `change` or `void`. Room channel; moves the position. */
  log: 1,
  /** `room`: the room changed (room channel), or the user is now in it (user channel; number = head). */
  room: 2,
  /** `room.removed` (user channel; number = v). With an empty body on a room channel: the room is gone. */
  removed: 3,
  /** `read`: a member's cursor moved (room channel, or the user's own for their other devices). */
  read: 4,
  typing: 5,
  /** `user`: a name or picture changed. */
  user: 6,
  /** `prefs`, and all else of one's own that changed elsewhere: `draft`, `scheduled` (user channel). */
  prefs: 7,
  /** A session ended: body is its id, or `*` for all of the user's. Never forwarded; sockets close with 4401. */
  sessionEnded: 8,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export const HEADER_BYTES = 19;
/** Larger than any frame the API builds: a message of 8,000 units is at most 48 kB of escaped JSON. */
export const MAX_ENVELOPE_BYTES = 1024 * 1024;
const NO_ROOM = '0'.repeat(24);
const KINDS: ReadonlySet<number> = new Set(Object.values(Kind));

export interface Envelope {
  readonly kind: Kind;
  /** '' where the frame belongs to no room. */
  readonly room: string;
  readonly number: number;
  readonly body: Buffer;
}

/** `frame` is the client's frame as JSON text, '' for a bare signal. */
export function encodeEnvelope(kind: Kind, room: string, number: number, frame: string): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + Buffer.byteLength(frame));
  bytes[0] = kind;
  bytes.write(room === '' ? NO_ROOM : room, 1, 12, 'hex');
  bytes.writeUIntBE(number, 13, 6);
  bytes.write(frame, HEADER_BYTES);
  return bytes;
}

/** undefined for what no API node published: too short, too long, or of an unknown kind. The body is a view. */
export function decodeEnvelope(bytes: Buffer): Envelope | undefined {
  if (bytes.length < HEADER_BYTES || bytes.length > MAX_ENVELOPE_BYTES) return undefined;
  const kind = bytes[0];
  if (kind === undefined || !KINDS.has(kind)) return undefined;
  const room = bytes.toString('hex', 1, 13);
  return {
    kind: kind as Kind,
    room: room === NO_ROOM ? '' : room,
    number: bytes.readUIntBE(13, 6),
    body: bytes.subarray(HEADER_BYTES),
  };
}
