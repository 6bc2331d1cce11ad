import { encodeFrame, type ServerFrame } from '../shared/wire/protocol.ts';

/** A frame to clients as it goes over the wire: WebSocket header and text, built once however many sockets get it. */
export interface OutFrame {
  readonly wire: Buffer;
  /** Where the text begins in `wire`. */
  readonly offset: number;
  /** Typing, presence, receipts: the first a slow reader loses. */
  readonly isSheddable: boolean;
  /** The room it speaks of; what is held for a device whose user left that room is not sent. */
  readonly room?: string;
}

const FIN_TEXT = 0x81;

/** `text` is the final UTF-8 JSON of the frame; it is copied. `room`: of what goes to all of a room. */
export function outFrame(text: Buffer, isSheddable = false, room?: string): OutFrame {
  const size = text.length;
  const offset = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const wire = Buffer.allocUnsafe(offset + size);
  wire[0] = FIN_TEXT;
  if (offset === 2) {
    wire[1] = size;
  } else if (offset === 4) {
    wire[1] = 126;
    wire.writeUInt16BE(size, 2);
  } else {
    wire[1] = 127;
    wire.writeUInt32BE(0, 2);
    wire.writeUInt32BE(size, 6);
  }
  text.copy(wire, offset);
  return { wire, offset, isSheddable, ...(room === undefined ? {} : { room }) };
}

/** A frame the gateway writes itself. */
export function controlFrame(frame: ServerFrame, isSheddable = false): OutFrame {
  return outFrame(Buffer.from(encodeFrame(frame)), isSheddable);
}

/** A WebSocket ping; no text. The same object for all, so that what ends with it is joined once. */
export const PING: OutFrame = { wire: Buffer.from([0x89, 0]), offset: 2, isSheddable: false };

/** The frame's text, a view. */
export const textOf = (frame: OutFrame): Buffer => frame.wire.subarray(frame.offset);
