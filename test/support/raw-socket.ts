import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SUBPROTOCOL, type ClientFrame, type ServerFrame } from '../../shared/wire/protocol.ts';
import { checkFrame } from './frame-check.ts';

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;
interface Waiter {
  readonly matches: (frame: ServerFrame) => boolean;
  readonly resolve: (frame: ServerFrame) => void;
}

export interface RawSocketOptions {
  /** e.g. https://localhost:8443 or ws://127.0.0.1:9000 */
  readonly origin: string;
  readonly ca?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocol?: string;
}

/** A socket without any engine behind it: frames queue up, so that none is missed, and tests wait for the one they need. */
export class RawSocket {
  readonly ws: WebSocket;
  readonly received: ServerFrame[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #waiters = new Set<Waiter>();
  readonly #taken = new Set<ServerFrame>();

  constructor(options: RawSocketOptions) {
    const url = `${options.origin.replace(/^http/, 'ws')}/ws`;
    this.ws = new WebSocket(url, options.protocol ?? SUBPROTOCOL, {
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(options.headers === undefined ? {} : { headers: options.headers }),
    });
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.ws.on('error', () => undefined);
    this.ws.on('message', (data) => this.#accept(JSON.parse(String(data)) as ServerFrame));
  }

  /** Resolves when open; rejects with the HTTP status when the upgrade is refused. */
  async open(): Promise<this> {
    if (this.ws.readyState === WebSocket.OPEN) return this;
    const refused = once(this.ws, 'unexpected-response').then(([, response]) => {
      throw new Error(`refused with ${(response as { statusCode: number }).statusCode}`);
    });
    const failed = once(this.ws, 'error').then(([error]) => Promise.reject(error as Error));
    const opened = once(this.ws, 'open');
    await Promise.race([opened, refused, failed]).finally(() => {
      for (const promise of [opened, refused, failed]) promise.catch(() => undefined);
    });
    return this;
  }

  /** Opens, says hello and gives `ready`. */
  async hello(token: string, rooms?: Readonly<Record<string, number>>): Promise<FrameOf<'ready'>> {
    await this.open();
    this.send({ type: 'hello', token, ...(rooms === undefined ? {} : { rooms }) });
    return this.next('ready');
  }

  send(frame: ClientFrame): void {
    this.ws.send(JSON.stringify(frame));
  }

  /** The first frame of this type (and for which `where` holds) that no call was given yet, waiting for it if need be. */
  next<T extends ServerFrame['type']>(
    type: T,
    where: (frame: FrameOf<T>) => boolean = () => true,
    withinMs = 10_000,
  ): Promise<FrameOf<T>> {
    const matches = (frame: ServerFrame): boolean => frame.type === type && where(frame as FrameOf<T>);
    const queued = this.received.find((frame) => !this.#taken.has(frame) && matches(frame));
    if (queued !== undefined) {
      this.#taken.add(queued);
      return Promise.resolve(queued as FrameOf<T>);
    }
    return new Promise((resolve, reject) => {
      const seen = (): string => this.received.map((frame) => frame.type).join(' ');
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`no ${type} within ${withinMs} ms; received: ${seen()}`));
      }, withinMs);
      const waiter: Waiter = {
        matches,
        resolve: (frame) => {
          clearTimeout(timer);
          resolve(frame as FrameOf<T>);
        },
      };
      this.#waiters.add(waiter);
    });
  }

  /** Every frame of this type received so far. */
  all<T extends ServerFrame['type']>(type: T): FrameOf<T>[] {
    return this.received.filter((frame): frame is FrameOf<T> => frame.type === type);
  }

  close(): void {
    this.ws.close();
  }

  #accept(frame: ServerFrame): void {
    checkFrame('toClient', frame);
    this.received.push(frame);
    for (const waiter of this.#waiters) {
      if (!waiter.matches(frame)) continue;
      this.#waiters.delete(waiter);
      this.#taken.add(frame);
      waiter.resolve(frame);
    }
  }
}
