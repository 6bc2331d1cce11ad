import { connectRaw, type RawSocket, type SocketHandler } from '../../load/socket/index.ts';
import { nowMicros } from '../measure/clock.ts';
import type { Samples } from '../measure/samples.ts';
import type { Dialect } from './dialects.ts';
import { readMark } from './marker.ts';

/** What all readers of a process count together. */
export interface Tally {
  received: number;
  /** Sampled messages that were not the next of their room. */
  disordered: number;
  closed: number;
  readonly latency: Samples;
}

export interface ReaderOptions {
  readonly dialect: Dialect;
  readonly origin: string;
  readonly token: string;
  readonly rooms: readonly string[];
  readonly localAddress?: string | undefined;
  /** Whether its messages are looked into, for latency and order; those of the others are only counted. */
  readonly isSampled: boolean;
  readonly readBuffer: Buffer;
}

const READY_TIME = 30_000;

/** One socket that counts what it is sent. */
export class Reader implements SocketHandler {
  readonly #options: ReaderOptions;
  readonly #tally: Tally;
  readonly #last = new Map<number, number>();
  #socket: RawSocket | undefined;
  #onReady: (error?: Error) => void = () => undefined;
  #isReady = false;

  constructor(options: ReaderOptions, tally: Tally) {
    this.#options = options;
    this.#tally = tally;
  }

  /** Resolves when the server has let it in. */
  async open(): Promise<void> {
    const { dialect, origin, localAddress, readBuffer, token, rooms } = this.#options;
    const url = `${origin}${dialect.path}`;
    const socket = await connectRaw({ url, protocols: dialect.protocols, readBuffer, localAddress });
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('not let in within 30 s')), READY_TIME);
      this.#onReady = (error) => {
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      };
      socket.listen(this);
      const greeting = dialect.greeting(token, rooms);
      if (greeting !== undefined) socket.sendText(greeting);
    });
    this.#onReady = () => undefined;
    this.#isReady = true;
  }

  close(): void {
    this.#isReady = false;
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  onText(bytes: Buffer, start: number, end: number): void {
    const { dialect, isSampled } = this.#options;
    if (!dialect.isMessage(bytes, start)) return this.#control(bytes.toString('utf8', start, end));
    this.#tally.received++;
    if (isSampled) this.#look(bytes, start, end);
  }

  onClose(code: number, reason: string): void {
    if (this.#isReady) this.#tally.closed++;
    this.#onReady(new Error(`closed with ${code} ${reason}`));
  }

  #control(text: string): void {
    const { dialect, token } = this.#options;
    if (dialect.isReady(text)) return this.#onReady();
    const answer = dialect.answer(text, token);
    if (answer !== undefined) this.#socket?.sendText(answer);
  }

  #look(bytes: Buffer, start: number, end: number): void {
    const mark = readMark(bytes, start, end);
    if (mark === undefined) return;
    this.#tally.latency.add((nowMicros() - mark.micros) / 1_000);
    const last = this.#last.get(mark.room);
    if (last !== undefined && mark.seq !== last + 1) this.#tally.disordered++;
    this.#last.set(mark.room, mark.seq);
  }
}
