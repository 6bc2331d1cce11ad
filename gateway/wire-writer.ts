import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { type OutFrame, PING, textOf } from './out-frame.ts';

/** What a session and its outbox need of a socket; tests give one that lives in memory. */
export interface Transport {
  readonly isOpen: boolean;
  /** Bytes accepted but not yet taken by the kernel. */
  readonly backlog: number;
  /** Writes frames in one go; `joined` is all of their `wire` bytes. */
  write(frames: readonly OutFrame[], joined: Buffer): void;
  close(code: number, reason: string): void;
  /** Ends the connection without a goodbye. */
  terminate(): void;
}

/**
 * Writes ready-made frames to the connection beneath a WebSocket, past `ws.send`: one system call for many frames, half
 * the CPU for one. Right only while ws itself writes at once and plainly: no extension, nothing in its own queue. Where
 * that does not hold, `send` does the same, slower.
 */
export class WireWriter implements Transport {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #isDirect: boolean;

  /** `socket` is the one the upgrade came on. */
  constructor(ws: WebSocket, socket: Duplex) {
    this.#ws = ws;
    this.#socket = socket;
    this.#isDirect = ws.extensions === '' && Reflect.get(ws, '_socket') === socket;
  }

  /** For the metric and the test that notice when the internals of ws move. */
  get isDirect(): boolean {
    return this.#isDirect;
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  get backlog(): number {
    return this.#socket.writableLength;
  }

  write(frames: readonly OutFrame[], joined: Buffer): void {
    if (!this.isOpen) return;
    if (this.#isDirect) {
      this.#socket.write(joined);
      return;
    }
    for (const frame of frames) {
      if (frame === PING) this.#ws.ping();
      else this.#ws.send(textOf(frame), { binary: false });
    }
  }

  close(code: number, reason: string): void {
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.#ws.terminate();
  }
}
