/**
 * What stands in a message's text for the client to find without parsing JSON: `~~room seq time~~`, the room as a number of
 * this run, the time in µs at which it was to be published.
 */
export interface Mark {
  readonly room: number;
  readonly seq: number;
  readonly micros: number;
}

const SIGN = '~~';
const SIGN_BYTES = Buffer.from(SIGN);
const SPACE = 0x20;
const ZERO = 0x30;

export const markOf = ({ room, seq, micros }: Mark): string =>
  `${SIGN}${room} ${seq} ${Math.round(micros)}${SIGN}`;

/** The mark between `start` and `end`; undefined where there is none. */
export function readMark(bytes: Buffer, start: number, end: number): Mark | undefined {
  const at = bytes.indexOf(SIGN_BYTES, start);
  if (at === -1 || at >= end) return undefined;
  const numbers = [0, 0, 0];
  let field = 0;
  for (let i = at + SIGN.length; i < end && field < 3; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === SPACE) field++;
    else if (byte < ZERO || byte > ZERO + 9)
      return { room: numbers[0] ?? 0, seq: numbers[1] ?? 0, micros: numbers[2] ?? 0 };
    else numbers[field] = (numbers[field] ?? 0) * 10 + (byte - ZERO);
  }
  return undefined;
}
