import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export type LinkState =
  | { readonly name: 'well' }
  /** Everything breaks, nothing new gets through. */
  | { readonly name: 'cut' }
  /** Nothing breaks and nothing moves. */
  | { readonly name: 'stalled' }
  /** ms later, in order. */
  | { readonly name: 'slow'; readonly delay: number };

const WELL: LinkState = { name: 'well' };

/** A cable between many clients and one server, which can be cut, stalled or slowed. Its end may be named later. */
export class Link {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #target: { readonly host: string; readonly port: number } | undefined;
  #state: LinkState = WELL;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<Link> {
    const server = createServer();
    const link = new Link(server);
    server.on('connection', (near) => link.#join(near));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  leadTo(host: string, port: number): void {
    this.#target = { host, port };
  }

  /** Until the next call. */
  set(state: LinkState): void {
    this.#state = state;
    for (const pair of this.#pairs) pair.set(state);
  }

  /** Breaks every `n`th connection; all may come back at once. */
  drop(n: number): void {
    for (const [i, pair] of [...this.#pairs].entries()) if (i % n === 0) pair.end();
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) pair.end();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    near.on('error', () => undefined); // a close follows
    if (this.#target === undefined || this.#state.name === 'cut') {
      near.destroy();
      return;
    }
    const pair = new Pair(near, connect(this.#target), () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
    pair.set(this.#state);
  }
}

/** One connection through the link. */
class Pair {
  readonly #sockets: readonly [near: Socket, far: Socket];
  readonly #onEnd: () => void;
  #delay = 0;
  #isStalled = false;

  constructor(near: Socket, far: Socket, onEnd: () => void) {
    this.#sockets = [near, far];
    this.#onEnd = onEnd;
    this.#carry(near, far);
    this.#carry(far, near);
  }

  set(state: LinkState): void {
    this.#delay = state.name === 'slow' ? state.delay : 0;
    this.#isStalled = state.name === 'stalled';
    if (state.name === 'cut') return this.end();
    for (const socket of this.#sockets) {
      if (this.#isStalled) socket.pause();
      else socket.resume();
    }
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#onEnd();
  }

  #carry(from: Socket, to: Socket): void {
    /** What is on its way, oldest first; timers alone would not keep the order. */
    const waiting: { readonly data: Buffer; readonly due: number }[] = [];
    const deliver = (): void => {
      for (let next = waiting[0]; next !== undefined && next.due <= performance.now(); next = waiting[0]) {
        waiting.shift();
        if (!to.destroyed && !to.write(next.data)) from.pause();
      }
      const [next] = waiting;
      if (next !== undefined) setTimeout(deliver, Math.ceil(next.due - performance.now()));
    };
    to.on('drain', () => {
      if (!this.#isStalled) from.resume();
    });
    from.on('data', (data) => {
      waiting.push({ data, due: performance.now() + this.#delay });
      if (waiting.length === 1) deliver();
    });
    from.on('error', () => undefined);
    from.on('close', () => this.end());
  }
}
