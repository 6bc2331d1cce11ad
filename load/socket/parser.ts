import { MAX_CONTROL_BYTES, Opcode } from './frame.ts';

/** What a server sends. `bytes` is only lent: what lies between `start` and `end` must be read before returning. */
export interface FrameHandler {
  onText(bytes: Buffer, start: number, end: number): void;
  onBinary(bytes: Buffer, start: number, end: number): void;
  onPing(bytes: Buffer, start: number, end: number): void;
  /** A close frame; 1005 when it names no code. Nothing is parsed after it. */
  onCloseFrame(code: number, reason: string): void;
}

/** The server broke the protocol, or sent more than is taken; `code` is the close code that says so. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const FIN = 0x80;
const RESERVED = 0x70;
const MASKED = 0x80;
/** The longest header of a frame from a server. */
const MAX_HEADER = 10;
const NO_CODE = 1005;

/**
 * Takes a server's bytes as they come and hands out whole messages. A frame inside one chunk is handed out where it lies;
 * only one that is cut by a chunk's end, or is sent in fragments, is copied. Holds at most one message of `maxBytes`.
 * Text is not checked for well-formed UTF-8.
 */
export class FrameParser {
  readonly #handler: FrameHandler;
  readonly #maxBytes: number;
  /** The cut frame; `#held` of its bytes are there. */
  #cut = Buffer.alloc(0);
  #held = 0;
  readonly #fragments: Buffer[] = [];
  #gathered = 0;
  /** Of the message that is being gathered, 0 when there is none. */
  #opcode = 0;
  #isOver = false;
  // Of the frame whose header was read last.
  #bodyStart = 0;
  #bodyBytes = 0;

  constructor(handler: FrameHandler, maxBytes: number) {
    this.#handler = handler;
    this.#maxBytes = maxBytes;
  }

  /** The first `length` bytes of `chunk`, which may be used again afterwards. Throws FrameError. */
  push(chunk: Buffer, length = chunk.length): void {
    const at = this.#held > 0 ? this.#complete(chunk, length) : 0;
    if (this.#held > 0 || this.#isOver) return;
    const rest = this.#parse(chunk, at, length);
    if (rest < length && !this.#isOver) this.#hold(chunk, rest, length);
  }

  /** Nothing more is handed out, not even what is left of the chunk under way. */
  stop(): void {
    this.#isOver = true;
  }

  /** Hands out every whole frame from `at` on; gives where the first that is not whole begins. */
  #parse(bytes: Buffer, at: number, end: number): number {
    while (!this.#isOver && this.#readHeader(bytes, at, end)) {
      const next = this.#bodyStart + this.#bodyBytes;
      if (next > end) return at;
      this.#deliver(bytes, bytes[at] ?? 0, this.#bodyStart, next);
      at = next;
    }
    return at;
  }

  /** False where the header is not whole yet. */
  #readHeader(bytes: Buffer, at: number, end: number): boolean {
    if (end - at < 2) return false;
    const second = bytes[at + 1] ?? 0;
    if ((second & MASKED) !== 0) throw new FrameError(1002, 'masked frame from a server');
    if (second < 126) {
      this.#bodyStart = at + 2;
      this.#bodyBytes = second;
    } else if (second === 126) {
      if (end - at < 4) return false;
      this.#bodyStart = at + 4;
      this.#bodyBytes = bytes.readUInt16BE(at + 2);
    } else {
      if (end - at < MAX_HEADER) return false;
      this.#bodyStart = at + MAX_HEADER;
      this.#bodyBytes = bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
    }
    if (this.#bodyBytes > this.#maxBytes) throw new FrameError(1009, `frame of ${this.#bodyBytes} bytes`);
    return true;
  }

  /** Keeps a copy of the frame that begins at `from`, in a buffer it will fit into whole where its length is known. */
  #hold(chunk: Buffer, from: number, length: number): void {
    const isSized = this.#readHeader(chunk, from, length);
    this.#cut = Buffer.allocUnsafe(isSized ? this.#bodyStart - from + this.#bodyBytes : MAX_HEADER);
    this.#held = chunk.copy(this.#cut, 0, from, length);
  }

  /** Fills the cut frame up and hands it out when it is whole; gives how much of the chunk it took. */
  #complete(chunk: Buffer, length: number): number {
    let at = 0;
    while (!this.#readHeader(this.#cut, 0, this.#held)) {
      if (at === length) return at;
      this.#cut[this.#held++] = chunk[at++] ?? 0;
    }
    const total = this.#bodyStart + this.#bodyBytes;
    if (this.#cut.length < total) this.#cut = Buffer.concat([this.#cut.subarray(0, this.#held)], total);
    const took = chunk.copy(this.#cut, this.#held, at, Math.min(length, at + total - this.#held));
    this.#held += took;
    if (this.#held < total) return at + took;
    const frame = this.#cut;
    this.#cut = Buffer.alloc(0);
    this.#held = 0;
    this.#deliver(frame, frame[0] ?? 0, this.#bodyStart, total);
    return at + took;
  }

  #deliver(bytes: Buffer, first: number, start: number, end: number): void {
    if (first === (FIN | Opcode.text) && this.#opcode === 0) return this.#handler.onText(bytes, start, end);
    if ((first & RESERVED) !== 0) throw new FrameError(1002, 'reserved bits are set');
    const opcode = first & 0x0f;
    if (opcode >= Opcode.close) this.#control(opcode, first, bytes, start, end);
    else this.#data(opcode, (first & FIN) !== 0, bytes, start, end);
  }

  #control(opcode: number, first: number, bytes: Buffer, start: number, end: number): void {
    if ((first & FIN) === 0 || end - start > MAX_CONTROL_BYTES)
      throw new FrameError(1002, 'control frame in parts, or too long');
    if (opcode === Opcode.ping) return this.#handler.onPing(bytes, start, end);
    if (opcode === Opcode.pong) return;
    if (opcode !== Opcode.close) throw new FrameError(1002, `unknown opcode ${opcode}`);
    this.#isOver = true;
    const code = end - start >= 2 ? bytes.readUInt16BE(start) : NO_CODE;
    this.#handler.onCloseFrame(code, bytes.toString('utf8', Math.min(start + 2, end), end));
  }

  #data(opcode: number, isLast: boolean, bytes: Buffer, start: number, end: number): void {
    if (opcode > Opcode.binary) throw new FrameError(1002, `unknown opcode ${opcode}`);
    if ((opcode === Opcode.continuation) === (this.#opcode === 0))
      throw new FrameError(1002, 'fragments out of order');
    if (isLast && opcode !== Opcode.continuation) return this.#emit(opcode, bytes, start, end);
    if (opcode !== Opcode.continuation) this.#opcode = opcode;
    this.#gather(bytes, start, end);
    if (!isLast) return;
    const whole = Buffer.concat(this.#fragments.splice(0), this.#gathered);
    const kind = this.#opcode;
    this.#opcode = 0;
    this.#gathered = 0;
    this.#emit(kind, whole, 0, whole.length);
  }

  #gather(bytes: Buffer, start: number, end: number): void {
    this.#gathered += end - start;
    if (this.#gathered > this.#maxBytes) throw new FrameError(1009, `message of ${this.#gathered} bytes`);
    if (end > start) this.#fragments.push(Buffer.from(bytes.subarray(start, end)));
  }

  #emit(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === Opcode.text) this.#handler.onText(bytes, start, end);
    else this.#handler.onBinary(bytes, start, end);
  }
}
