import { WebSocket } from 'ws';
import type { Observer } from '../contract/observer.ts';
import { Mismatch } from '../expect.ts';
import type { ClientFrame, Frame, FrameType } from './types.ts';

export const SUBPROTOCOL = 'parley.v1';

export interface SocketOptions {
  readonly url: string;
  readonly ca?: string | undefined;
  readonly observer: Observer;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}
interface Waiter {
  readonly matches: (frame: Frame) => boolean;
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: unknown) => void;
}
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A bare socket: frames queue up, so that none is missed, and each is checked against asyncapi.yaml. */
export class Socket {
  readonly ws: WebSocket;
  readonly received: Frame[] = [];
  /** What was wrong with frames that came. */
  readonly complaints: string[] = [];
  /** Resolves with undefined when open, with the HTTP status when the upgrade is refused; rejects when there is no answer. */
  readonly answered: Promise<number | undefined>;
  readonly #observer: Observer;
  readonly #closed: Promise<Closed>;
  readonly #waiters = new Set<Waiter>();
  readonly #taken = new Set<Frame>();
  #isClosed = false;

  constructor({ url, ca, observer, protocols = [SUBPROTOCOL], headers = {} }: SocketOptions) {
    this.#observer = observer;
    this.ws = new WebSocket(url, [...protocols], { headers, ...(ca === undefined ? {} : { ca }) });
    this.ws.on('message', (data, isBinary) => this.#accept(String(data), isBinary));
    this.answered = new Promise((resolve, reject) => {
      this.ws.on('open', () => resolve(undefined));
      this.ws.on('unexpected-response', (request, response) => {
        response.resume();
        request.destroy();
        resolve(response.statusCode ?? 0);
      });
      this.ws.on('error', reject);
    });
    this.answered.catch(() => undefined);
    this.#closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#end(new Mismatch('the socket to stay open', `closed with ${code} ${reason.toString()}`));
      });
    });
  }

  /** Waits for the upgrade; a refusal throws. */
  async opened(): Promise<this> {
    const status = await this.answered;
    if (status !== undefined) throw new Mismatch('the upgrade to succeed', `HTTP ${status}`);
    return this;
  }

  /** Opens, says hello, gives `ready`. */
  async hello(token: string, rooms?: Readonly<Record<string, number>>): Promise<Frame<'ready'>> {
    await this.opened();
    this.send({ type: 'hello', token, ...(rooms === undefined ? {} : { rooms }) });
    return this.next('ready', undefined, 15_000);
  }

  /** A frame that must be one of the protocol. */
  send(frame: ClientFrame): void {
    const wrong = this.#observer.contract.complaints('fromClient', frame);
    if (wrong.length > 0) throw new Error(`the suite sends a wrong frame: ${wrong.join('; ')}`);
    this.sendText(JSON.stringify(frame));
  }

  /** Whatever this text is. */
  sendText(text: string): void {
    this.ws.send(text);
  }

  /** Sends a message and gives the answer to it. */
  async say(
    room: string,
    clientId: string,
    text: string,
    more: object = {},
  ): Promise<Frame<'ack' | 'error'>> {
    this.send({ type: 'send', clientId, room, text, ...more });
    return this.answerTo(clientId);
  }

  /** The next `ack` or `error` that names this clientId. */
  answerTo(clientId: string): Promise<Frame<'ack' | 'error'>> {
    const isAnswer = (frame: Frame): boolean =>
      (frame.type === 'ack' || frame.type === 'error') && frame.clientId === clientId;
    return this.#wait(`an answer to ${clientId}`, isAnswer, 10_000) as Promise<Frame<'ack' | 'error'>>;
  }

  /** The first frame of this type, and for which `where` holds, that no call was given yet. */
  next<T extends FrameType>(
    type: T,
    where: (frame: Frame<T>) => boolean = () => true,
    withinMs = 8_000,
  ): Promise<Frame<T>> {
    const matches = (frame: Frame): boolean => frame.type === type && where(frame as Frame<T>);
    return this.#wait(`a frame "${type}" within ${withinMs} ms`, matches, withinMs) as Promise<Frame<T>>;
  }

  /** Every frame of this type so far. */
  all<T extends FrameType>(type: T): readonly Frame<T>[] {
    return this.received.filter((frame) => frame.type === type) as Frame[] as Frame<T>[];
  }

  /** The code the other side closes with. */
  async closed(withinMs = 10_000): Promise<Closed> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const message = `the socket to be closed within ${withinMs} ms`;
      timer = setTimeout(() => reject(new Mismatch(message, this.#seen())), withinMs);
    });
    return Promise.race([this.#closed, late]).finally(() => clearTimeout(timer));
  }

  /** A ping and its pong: the socket lives, and what was sent before it is handled. */
  async alive(): Promise<void> {
    this.send({ type: 'ping' });
    await this.next('pong');
  }

  /** Closes and waits until it is. */
  async close(): Promise<void> {
    this.ws.close();
    await this.#closed;
  }

  terminate(): void {
    this.ws.terminate();
  }

  #wait(what: string, matches: (frame: Frame) => boolean, withinMs: number): Promise<Frame> {
    const queued = this.received.find((frame) => !this.#taken.has(frame) && matches(frame));
    if (queued !== undefined) {
      this.#taken.add(queued);
      return Promise.resolve(queued);
    }
    if (this.#isClosed) return Promise.reject(new Mismatch(what, 'the socket is closed'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => done(() => reject(new Mismatch(what, this.#seen()))), withinMs);
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        settle();
      };
      const waiter: Waiter = {
        matches,
        resolve: (frame) => done(() => resolve(frame)),
        reject: (error) =>
          done(() => reject(error instanceof Mismatch ? new Mismatch(what, error.seen) : error)),
      };
      this.#waiters.add(waiter);
    });
  }

  #accept(text: string, isBinary: boolean): void {
    if (isBinary) this.complaints.push('a binary frame came');
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      this.complaints.push('a frame that is no JSON came');
      return;
    }
    this.complaints.push(...this.#observer.received(frame));
    this.received.push(frame);
    for (const waiter of this.#waiters) {
      if (!waiter.matches(frame)) continue;
      this.#taken.add(frame);
      waiter.resolve(frame);
      return;
    }
  }

  #end(error: Mismatch): void {
    this.#isClosed = true;
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }

  #seen(): string {
    return `frames: ${this.received.map(({ type }) => type).join(' ') || 'none'}`;
  }
}
