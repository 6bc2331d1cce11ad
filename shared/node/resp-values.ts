/** Where values of Redis' protocol (RESP 2 and 3) end in what was read, without decoding them. */

/** The value's end is yet to come. */
export const INCOMPLETE = -1;
/** No value of the protocol begins there. */
export const UNREADABLE = -2;

const CR = 13;
const ZERO = 48;
/** Deeper than anything Redis sends. */
const MAX_DEPTH = 8;
const LINES = new Set(Buffer.from('+-:,_#('));
const BLOBS = new Set(Buffer.from('$=!'));
const NESTED = new Set(Buffer.from('*>~%'));
const MAP = 37;

/** Where the value that begins at `at` ends, INCOMPLETE or UNREADABLE. */
export function endOfValue(bytes: Buffer, at: number, depth = 0): number {
  const type = bytes[at];
  if (type === undefined) return INCOMPLETE;
  if (LINES.has(type)) return endOfLine(bytes, at);
  if (BLOBS.has(type)) return endOfBlob(bytes, at);
  if (!NESTED.has(type) || depth > MAX_DEPTH) return UNREADABLE;
  const count = lengthAt(bytes, at + 1);
  let end = endOfLine(bytes, at);
  if (count < 0 || end < 0) return count === UNREADABLE ? UNREADABLE : end;
  for (let left = type === MAP ? count * 2 : count; left > 0 && end >= 0; left--)
    end = endOfValue(bytes, end, depth + 1);
  return end;
}

/** Behind a blob: its length, as many bytes, and the line's end. */
export function endOfBlob(bytes: Buffer, at: number): number {
  const length = lengthAt(bytes, at + 1);
  const start = endOfLine(bytes, at);
  if (length < 0 || start < 0) return length === UNREADABLE ? UNREADABLE : start;
  const end = start + length + 2;
  return end > bytes.length ? INCOMPLETE : end;
}

/** Behind the line's end. */
export function endOfLine(bytes: Buffer, at: number): number {
  const cr = bytes.indexOf(CR, at);
  return cr < 0 || cr + 2 > bytes.length ? INCOMPLETE : cr + 2;
}

/** The length at the head of a value; INCOMPLETE also for that of nothing (`$-1`), which has no more than its line. */
export function lengthAt(bytes: Buffer, at: number): number {
  let length = 0;
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === CR) return i === at ? UNREADABLE : length;
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) return isNothing(bytes, at) ? INCOMPLETE : UNREADABLE;
    length = length * 10 + digit;
  }
  return INCOMPLETE;
}

const isNothing = (bytes: Buffer, at: number): boolean => bytes[at] === 45;
