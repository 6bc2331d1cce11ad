import { endOfBlob, endOfLine, endOfValue, INCOMPLETE, lengthAt, UNREADABLE } from './resp-values.ts';

/** Behind its type, `>` or in RESP2 `*`, a message has three strings: this, the channel, and what was published. */
const HEAD = Buffer.from('3\r\n$7\r\nmessage\r\n');
const ARRAY = 42;
const PUSH = 62;

/**
 * What a subscriber's connection reads, taken apart: messages are handed out as views, without the closures and private
 * fields that make a general decoder cost more than all a gateway does with one. Anything else goes on to that decoder,
 * value by value; after something unreadable, all does.
 */
export class SubscriberStream {
  readonly #onMessage: (channel: string, message: Buffer) => void;
  readonly #pass: (bytes: Buffer) => void;
  /** The beginning of a value whose end is yet to come. */
  #rest: Buffer | undefined;
  #isLost = false;

  constructor(onMessage: (channel: string, message: Buffer) => void, pass: (bytes: Buffer) => void) {
    this.#onMessage = onMessage;
    this.#pass = pass;
  }

  push(chunk: Buffer): void {
    if (this.#isLost) return this.#pass(chunk);
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    for (let at = 0; at < bytes.length;) {
      const end = isMessage(bytes, at) ? this.#message(bytes, at) : this.#other(bytes, at);
      if (end === UNREADABLE) {
        this.#isLost = true;
        return this.#pass(bytes.subarray(at));
      }
      if (end === INCOMPLETE) {
        this.#rest = bytes.subarray(at);
        return;
      }
      at = end;
    }
  }

  #message(bytes: Buffer, at: number): number {
    const channelAt = at + 1 + HEAD.length;
    const channelEnd = endOfBlob(bytes, channelAt);
    if (channelEnd < 0) return channelEnd;
    const end = endOfBlob(bytes, channelEnd);
    if (end < 0) return end;
    const channel = bytes.toString('latin1', endOfLine(bytes, channelAt), channelEnd - 2);
    this.#onMessage(channel, bytes.subarray(end - 2 - lengthAt(bytes, channelEnd + 1), end - 2));
    return end;
  }

  #other(bytes: Buffer, at: number): number {
    const end = endOfValue(bytes, at);
    if (end > at) this.#pass(bytes.subarray(at, end));
    return end;
  }
}

function isMessage(bytes: Buffer, at: number): boolean {
  const type = bytes[at];
  if (type !== PUSH && type !== ARRAY) return false;
  const start = at + 1;
  return (
    bytes.length >= start + HEAD.length &&
    bytes.compare(HEAD, 0, HEAD.length, start, start + HEAD.length) === 0
  );
}
