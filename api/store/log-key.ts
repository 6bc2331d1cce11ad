/**
 * The `_id` of a log's entry: its room and number, in the order of the numbers. So the index that every collection has
 * anyway decides numbers, and reads a room's stretch in order: one index less for each message to be written into, which
 * is a third of what storing one costs, and the end of a long room is found without sorting it.
 */
import { mongo } from 'mongoose';

const ROOM_BYTES = 12;
const BYTES = ROOM_BYTES + 8;
const HIGH = 2 ** 32;

/** @param seq 0 or more; what is beyond the numbers there can be counts as the highest of them. */
export function logKey(room: string, seq: number): mongo.Binary {
  const bytes = Buffer.allocUnsafe(BYTES);
  bytes.write(room, 0, ROOM_BYTES, 'hex');
  const number = Math.min(Math.max(seq, 0), Number.MAX_SAFE_INTEGER);
  bytes.writeUInt32BE(Math.floor(number / HIGH), ROOM_BYTES);
  bytes.writeUInt32BE(number % HIGH, ROOM_BYTES + 4);
  return new mongo.Binary(bytes);
}

/** A filter for a room's entries with from ≤ seq ≤ to. */
export const stretch = (
  room: string,
  from: number,
  to: number,
): { readonly _id: { readonly $gte: mongo.Binary; readonly $lte: mongo.Binary } } => ({
  _id: { $gte: logKey(room, from), $lte: logKey(room, to) },
});

/** A filter for all entries of a room. */
export const wholeLog = (room: string): ReturnType<typeof stretch> => stretch(room, 0, Infinity);
