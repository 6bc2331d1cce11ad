/**
 * What travels through Redis: a fixed binary header, then the final bytes of the client's frame. A gateway reads the
 * header only; the body goes to the sockets as it is.
 *
 *   byte 0      kind
 *   bytes 1-12  room id (zeroes where there is none)
 *   bytes 13-18 number, unsigned 48 bits: seq for log entries, v for room signals
 *   bytes 19-   the frame, UTF-8 JSON (may be empty for a bare signal)
 *
 * Several numbers of one room's log may travel as one (`logs`): its number is how many, its body holds for each the number
 * (48 bits), the length of its frame (32 bits), and the frame.
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
  /** Several of `log`, ascending. Room channel. */
  logs: 9,
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
  bytes.write(frame, writeHeader(bytes, kind, room, number));
  return bytes;
}

/** Gives where the body begins. */
function writeHeader(bytes: Buffer, kind: Kind, room: string, number: number): number {
  bytes[0] = kind;
  bytes.write(room === '' ? NO_ROOM : room, 1, 12, 'hex');
  bytes.writeUIntBE(number, 13, 6);
  return HEADER_BYTES;
}

export interface LogFrame {
  readonly seq: number;
  /** The client's frame as JSON text. */
  readonly frame: string;
}

/** Bytes in front of each frame of `logs`. */
const ENTRY_BYTES = 10;
/** Bytes and frames of one `logs` at the most: a gateway takes it up in one turn of its event loop. */
const MAX_LOGS_BYTES = 128 * 1024;
const MAX_LOGS = 64;

/** A room's frames, ascending, in few envelopes; beside each, what is in it. */
export function* encodeLogs(
  room: string,
  frames: readonly LogFrame[],
): Generator<{ readonly bytes: Buffer; readonly frames: readonly LogFrame[] }> {
  for (let start = 0; start < frames.length;) {
    let end = start;
    let size = 0;
    for (; end < frames.length && end - start < MAX_LOGS; end++) {
      const more = ENTRY_BYTES + Buffer.byteLength(frames[end]?.frame ?? '');
      if (end > start && size + more > MAX_LOGS_BYTES) break;
      size += more;
    }
    const some = frames.slice(start, end);
    yield { bytes: encodeSome(room, some, size), frames: some };
    start = end;
  }
}

function encodeSome(room: string, frames: readonly LogFrame[], size: number): Buffer {
  const [only] = frames;
  if (only !== undefined && frames.length === 1) return encodeEnvelope(Kind.log, room, only.seq, only.frame);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + size);
  let at = writeHeader(bytes, Kind.logs, room, frames.length);
  for (const { seq, frame } of frames) {
    const length = bytes.write(frame, at + ENTRY_BYTES);
    bytes.writeUIntBE(seq, at, 6);
    bytes.writeUInt32BE(length, at + 6);
    at += ENTRY_BYTES + length;
  }
  return bytes;
}

/** Calls `take` for each number of a `log` or `logs`; the frames are views. False if it is not what an API node makes. */
export function eachLog(envelope: Envelope, take: (seq: number, frame: Buffer) => void): boolean {
  const { kind, number, body } = envelope;
  if (kind === Kind.log) {
    take(number, body);
    return true;
  }
  let at = 0;
  for (let left = number; left > 0; left--) {
    if (at + ENTRY_BYTES > body.length) return false;
    const end = at + ENTRY_BYTES + body.readUInt32BE(at + 6);
    if (end > body.length) return false;
    take(body.readUIntBE(at, 6), body.subarray(at + ENTRY_BYTES, end));
    at = end;
  }
  return at === body.length;
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
