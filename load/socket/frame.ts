/** WebSocket frames (RFC 6455) as a client writes them, and the numbers both directions share. */

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** A control frame's payload may not be longer. */
export const MAX_CONTROL_BYTES = 125;
const FIN = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;

/** One whole masked frame. `key` is the mask, 32 bits; a client that talks to servers of its own need not keep it secret. */
export function encodeFrame(opcode: Opcode, payload: string | Uint8Array, key: number): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  const start = headerBytes(length) + MASK_BYTES;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = FIN | opcode;
  writeLength(frame, length);
  frame.writeInt32BE(key | 0, start - MASK_BYTES);
  if (typeof payload === 'string') frame.write(payload, start);
  else frame.set(payload, start);
  mask(frame, start, key);
  return frame;
}

const headerBytes = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : 10);

function writeLength(frame: Buffer, length: number): void {
  if (length < 126) frame[1] = MASKED | length;
  else if (length < 65_536) {
    frame[1] = MASKED | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = MASKED | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
}

function mask(frame: Buffer, start: number, key: number): void {
  for (let at = start, shift = 24; at < frame.length; at++, shift = (shift - 8) & 31)
    frame[at] = (frame[at] ?? 0) ^ ((key >>> shift) & 0xff);
}
