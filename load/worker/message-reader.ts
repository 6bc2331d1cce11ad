import { msOfTicks, RUN_LENGTH } from '../stamp.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

const START = bytesOf('{"type":"message","room":"');
const SEQ = bytesOf('","seq":');
const ID = bytesOf(',"id":"');
/** Cannot stand in a text: there its quotes would be escaped. */
const CLIENT_ID = bytesOf('"clientId":"');
/** No clientId of the tester is longer. */
const MAX_CLIENT_ID = 64;
const ID_LENGTH = 24;
/** The last digits of a room's id: enough to tell rooms apart, few enough for a number. */
const KEY_DIGITS = 12;
const NO_DIGIT = 255;
const [DOT, QUOTE, COMMA] = [0x2e, 0x22, 0x2c];

/** The value of each base 36 digit, by its byte. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const digit = String.fromCharCode(byte);
  return /[0-9a-z]/.test(digit) ? Number.parseInt(digit, 36) : NO_DIGIT;
});

/** The number by which a room is known to a reader. */
export const keyOf = (room: string): number => Number.parseInt(room.slice(-KEY_DIGITS), 16);

/**
 * Reads what the tester needs of a `message` frame from its bytes, without making an object of it: of thousands of
 * sockets each hears each message. The fields are those of the last frame read.
 */
export class MessageReader {
  /** `keyOf` the room. */
  room = 0;
  seq = 0;
  /** -1: not a message of this run, then `n` and `at` mean nothing. */
  lane = -1;
  n = 0;
  at = 0;
  readonly #run: Uint8Array;
  // Of the number read last.
  #value = 0;
  #next = 0;

  constructor(run: string) {
    this.#run = bytesOf(run);
  }

  /** False for any other frame, and for one whose fields stand in another order: then the frame must be parsed. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start + START.length;
    if (end - start < 120 || !holds(bytes, start, START)) return false;
    if (!this.#number(bytes, at + ID_LENGTH - KEY_DIGITS, 16, QUOTE) || this.#next !== at + ID_LENGTH)
      return false;
    this.room = this.#value;
    at = this.#next;
    if (!holds(bytes, at, SEQ) || !this.#number(bytes, at + SEQ.length, 10, COMMA)) return false;
    this.seq = this.#value;
    at = this.#next;
    if (!holds(bytes, at, ID)) return false;
    at += ID.length + ID_LENGTH;
    if (bytes[at] !== QUOTE) return false;
    this.lane = -1;
    const clientId = findClientId(bytes, at + 2, end);
    if (clientId > 0) this.#stamp(bytes, clientId);
    return true;
  }

  #stamp(bytes: Uint8Array, start: number): void {
    if (!holds(bytes, start, this.#run) || bytes[start + RUN_LENGTH] !== DOT) return;
    if (!this.#number(bytes, start + RUN_LENGTH + 1, 36, DOT)) return;
    const lane = this.#value;
    if (!this.#number(bytes, this.#next + 1, 36, DOT)) return;
    this.n = this.#value;
    if (!this.#number(bytes, this.#next + 1, 36, QUOTE)) return;
    this.at = msOfTicks(this.#value);
    this.lane = lane;
  }

  /** The number from `at` up to the byte `stop`. */
  #number(bytes: Uint8Array, at: number, base: number, stop: number): boolean {
    let value = 0;
    for (let byte = bytes[at] ?? 0; byte !== stop; byte = bytes[++at] ?? 0) {
      const digit = DIGITS[byte] ?? NO_DIGIT;
      if (digit >= base) return false;
      value = value * base + digit;
    }
    this.#value = value;
    this.#next = at;
    return true;
  }
}

/** Where the clientId's text begins, 0 where there is none: behind the id, at the frame's end, or anywhere between. */
function findClientId(bytes: Uint8Array, from: number, end: number): number {
  if (holds(bytes, from, CLIENT_ID)) return from + CLIENT_ID.length;
  let at = end - 3;
  for (const least = end - MAX_CLIENT_ID; at > least && bytes[at] !== QUOTE;) at -= 1;
  const start = at + 1 - CLIENT_ID.length;
  if (start > from && holds(bytes, start, CLIENT_ID)) return at + 1;
  const found = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).indexOf(CLIENT_ID);
  return found === -1 ? 0 : from + found + CLIENT_ID.length;
}

function holds(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
