import type { Socket } from 'node:net';
import { encodeFrame, Opcode } from './frame.ts';
import { FrameError, type FrameHandler, FrameParser } from './parser.ts';

/** What a socket's owner hears. */
export interface SocketHandler {
  /** A text message, from `start` to `end` in `bytes`, which is only lent: read it before returning. */
  onText(bytes: Buffer, start: number, end: number): void;
  /** Once, at the end; 1006 when the connection broke, 1002 and 1009 also where this side found the fault. */
  onClose(code: number, reason: string): void;
}

const BROKEN = 1006;
const NO_CODE = 1005;

/**
 * An open WebSocket that costs as little as it can: no timers, no streams on the way in, nothing made per frame. Pings are
 * answered by it. Binary messages are not taken (1003). Until `listen` is called it holds what comes, up to `maxBytes`.
 */
export class RawSocket implements FrameHandler {
  readonly #stream: Socket;
  readonly #parser: FrameParser;
  readonly #maxBytes: number;
  #handler: SocketHandler | undefined;
  #early: Buffer | undefined;
  #code = BROKEN;
  #reason = '';
  #isClosed = false;
  #isClosing = false;
  #mask = (Math.random() * 2 ** 32) | 0;

  constructor(stream: Socket, maxBytes: number) {
    this.#stream = stream;
    this.#maxBytes = maxBytes;
    this.#parser = new FrameParser(this, maxBytes);
    stream.on('error', (error) => {
      if (this.#reason === '') this.#reason = error.message;
    });
    stream.on('close', () => this.#closed());
  }

  get isOpen(): boolean {
    return !this.#isClosed && !this.#isClosing;
  }

  /** Written, but not taken by the system yet. */
  get bufferedBytes(): number {
    return this.#stream.writableLength;
  }

  /** The port and address this side got. */
  get localPort(): number {
    return this.#stream.localPort ?? 0;
  }

  /** From now on `handler` hears everything, beginning with what came meanwhile. */
  listen(handler: SocketHandler): void {
    this.#handler = handler;
    const early = this.#early;
    this.#early = undefined;
    if (early !== undefined) this.#push(early, early.length);
    if (this.#isClosed) handler.onClose(this.#code, this.#reason);
  }

  /** One masked text frame. Dropped silently once the socket closes. */
  sendText(text: string | Uint8Array): void {
    this.#send(Opcode.text, text);
  }

  /** Says goodbye; the server ends the connection. One that does not is ended with `terminate`. */
  close(code = 1000, reason = ''): void {
    if (!this.isOpen) return;
    const payload = Buffer.allocUnsafe(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code);
    payload.write(reason, 2);
    this.#send(Opcode.close, payload);
    this.#isClosing = true;
  }

  /** Cuts the connection, as if the network had. */
  terminate(): void {
    this.#isClosing = true;
    this.#parser.stop();
    this.#stream.destroy();
  }

  /** The connection's owner hands over what it read; the bytes are only lent. */
  receive(bytes: Buffer, length: number): void {
    if (this.#handler !== undefined) return this.#push(bytes, length);
    const early = Buffer.from(bytes.subarray(0, length));
    this.#early = this.#early === undefined ? early : Buffer.concat([this.#early, early]);
    if (this.#early.length > this.#maxBytes)
      this.#fail(1009, 'more than can be held came before anyone listened');
  }

  onText(bytes: Buffer, start: number, end: number): void {
    this.#handler?.onText(bytes, start, end);
  }

  onBinary(): void {
    this.#fail(1003, 'binary message');
  }

  onPing(bytes: Buffer, start: number, end: number): void {
    this.#send(Opcode.pong, bytes.subarray(start, end));
  }

  onCloseFrame(code: number, reason: string): void {
    this.#code = code;
    this.#reason = reason;
    if (!this.#isClosing) {
      if (code === NO_CODE) this.#send(Opcode.close, new Uint8Array(0));
      else this.close(code);
    }
    this.#isClosing = true;
    this.#stream.end();
  }

  #push(bytes: Buffer, length: number): void {
    try {
      this.#parser.push(bytes, length);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#fail(error.code, error.message);
    }
  }

  #fail(code: number, reason: string): void {
    this.#parser.stop();
    this.#code = code;
    this.#reason = reason;
    this.close(code);
    this.#stream.destroySoon();
  }

  #send(opcode: Opcode, payload: string | Uint8Array): void {
    if (!this.isOpen) return;
    // A step of a generator that is cheap, and that no proxy between guesses by chance.
    this.#mask = (Math.imul(this.#mask, 1_664_525) + 1_013_904_223) | 0;
    this.#stream.write(encodeFrame(opcode, payload, this.#mask));
  }

  #closed(): void {
    this.#isClosed = true;
    this.#handler?.onClose(this.#code, this.#reason);
  }
}
