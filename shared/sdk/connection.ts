import { Backoff } from '../wire/backoff.ts';
import {
  CloseCode,
  encodeFrame,
  isFinal,
  parseFrame,
  SOCKET_PATH,
  SUBPROTOCOL,
  type ByeFrame,
  type ClientFrame,
  type ReadyFrame,
  type SeqByRoom,
  type ServerFrame,
} from '../wire/protocol.ts';
import { ApiError } from './errors.ts';
import type { Bearer } from './http.ts';
import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';
import type { Socket } from './types.ts';

/** The link as such; whether rooms lack something is not its business. */
export type LinkState =
  | { readonly name: 'offline' }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'ready' }
  | { readonly name: 'waiting'; readonly attempt: number; readonly at: number }
  | { readonly name: 'stopped'; readonly reason: string; readonly code: number };

export interface ConnectionDeps {
  readonly origin: string;
  readonly bearer: Bearer;
  readonly connect: (url: string, protocol: string) => Socket;
  readonly timing: Timing;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  /** The rooms and positions to resume from, asked at each hello. */
  readonly positions: () => SeqByRoom;
  readonly onState: (state: LinkState) => void;
  /** Every frame, `ready` first. */
  readonly onFrame: (frame: ServerFrame) => void;
}

/** Keeps one socket to a gateway: hello, silence watchdog, backoff, and the meaning of each close code. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #backoff: Backoff;
  readonly #retry = new Timer(() => {
    this.#open();
  });
  /** Nothing was heard for too long: while connecting no ready, later no beat. */
  readonly #silence = new Timer(() => {
    this.#lost(CloseCode.silent, 'silence');
  });
  readonly #stable = new Timer(() => {
    this.#backoff.reset();
  });
  readonly #ping = new Timer(() => {
    this.send({ type: 'ping' });
  });
  #state: LinkState = { name: 'offline' };
  #socket: Socket | undefined;
  /** ms of silence that is too long. */
  #patience = 0;
  #token = '';
  /** The token this socket was told last. */
  #told = '';
  #bye: ByeFrame | undefined;
  /** Grows with each start and loss, so that late answers of an old attempt are known as such. */
  #epoch = 0;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    this.#backoff = new Backoff({ random: deps.random });
  }

  get state(): LinkState {
    return this.#state;
  }

  start(): void {
    if (this.#state.name !== 'offline' && this.#state.name !== 'stopped') return;
    this.#backoff.reset();
    this.#open();
  }

  /** Closes for good, until the next `start`. */
  stop(): void {
    this.#drop();
    this.#to({ name: 'offline' });
  }

  /** True when the frame went out; there is no queue here. */
  send(frame: ClientFrame): boolean {
    if (this.#state.name !== 'ready' || this.#socket === undefined) return false;
    this.#socket.send(encodeFrame(frame));
    this.#ping.set(this.#patience / 2);
    return true;
  }

  /** A fresh token for the live session; silence is success. */
  authenticate(token: string): void {
    this.#token = token;
    this.#tellToken();
  }

  /** The network is back or the tab is seen: wait no longer, and doubt a socket that may be dead. */
  wake(): void {
    this.#backoff.reset();
    if (this.#state.name === 'waiting') this.#open();
    // A first attempt is younger than the news, a later one may hang on a network that is gone.
    else if (this.#state.name === 'connecting' && this.#state.attempt > 1)
      this.#silence.set(this.#deps.timing.wakeCheck);
    if (this.send({ type: 'ping' })) this.#silence.set(Math.min(this.#deps.timing.wakeCheck, this.#patience));
  }

  #open(): void {
    this.#drop();
    const epoch = this.#epoch;
    this.#to({ name: 'connecting', attempt: this.#backoff.attempt + 1 });
    this.#deps.bearer.token().then(
      (token) => {
        if (epoch === this.#epoch) this.#dial(token);
      },
      (error: unknown) => {
        if (epoch === this.#epoch) this.#noToken(error);
      },
    );
  }

  #noToken(error: unknown): void {
    const known = error instanceof ApiError ? error : undefined;
    if (known?.status === 401) {
      this.#drop();
      this.#to({ name: 'stopped', reason: known.message, code: CloseCode.sessionEnded });
      return;
    }
    this.#wait(known?.retryAfterMs);
  }

  #dial(token: string): void {
    this.#token = token;
    this.#patience = this.#deps.timing.connect;
    this.#silence.set(this.#patience);
    const url = new URL(SOCKET_PATH, this.#deps.origin.replace(/^http/, 'ws')).href;
    try {
      this.#listen(this.#deps.connect(url, SUBPROTOCOL));
    } catch (error) {
      this.#deps.warn('the socket could not be created', error);
      this.#wait();
    }
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    const mine = (): boolean => this.#socket === socket;
    socket.onopen = () => {
      if (!mine()) return;
      this.#told = this.#token;
      socket.send(encodeFrame({ type: 'hello', token: this.#told, rooms: this.#deps.positions() }));
    };
    socket.onmessage = ({ data }) => {
      if (mine()) this.#receive(data);
    };
    socket.onclose = ({ code, reason }) => {
      if (mine()) this.#lost(code, reason);
    };
    // A close follows every error and says more.
    socket.onerror = () => undefined;
  }

  #receive(data: unknown): void {
    this.#silence.set(this.#patience);
    let frame: ServerFrame;
    try {
      frame = parseFrame(String(data)) as unknown as ServerFrame;
    } catch (error) {
      this.#deps.warn('a frame could not be read', error);
      return;
    }
    if (frame.type === 'ready') this.#ready(frame);
    else if (frame.type === 'bye') this.#bye = frame;
    try {
      this.#deps.onFrame(frame);
    } catch (error) {
      this.#deps.warn('a frame could not be taken', error);
    }
  }

  #ready(frame: ReadyFrame): void {
    this.#patience = Math.max(1, frame.heartbeat) * 2_000;
    this.#silence.set(this.#patience);
    this.#ping.set(this.#patience / 2);
    this.#stable.set(this.#deps.timing.stable);
    this.#to({ name: 'ready' });
    this.#tellToken();
  }

  /** A token that came between `hello` and `ready` is told behind them. */
  #tellToken(): void {
    if (this.#token === this.#told) return;
    if (this.send({ type: 'auth', token: this.#token })) this.#told = this.#token;
  }

  #lost(code: number, reason: string): void {
    const bye = this.#bye;
    this.#drop();
    if (isFinal(code)) {
      this.#to({ name: 'stopped', reason: reason === '' ? `closed with ${code}` : reason, code });
    } else if (code === CloseCode.tokenExpired) {
      this.#renewThenWait();
    } else {
      this.#wait(bye?.retryAfterMs);
    }
  }

  #renewThenWait(): void {
    const epoch = this.#epoch;
    this.#to({ name: 'connecting', attempt: this.#backoff.attempt + 1 });
    this.#deps.bearer.renew(this.#told).then(
      () => {
        if (epoch === this.#epoch) this.#wait();
      },
      (error: unknown) => {
        if (epoch === this.#epoch) this.#noToken(error);
      },
    );
  }

  #wait(retryAfterMs?: number): void {
    this.#drop();
    const attempt = this.#backoff.attempt + 1;
    const delay = this.#backoff.next(retryAfterMs);
    this.#to({ name: 'waiting', attempt, at: Date.now() + delay });
    this.#retry.set(delay);
  }

  /** Lets go of the present socket and every timer. */
  #drop(): void {
    this.#epoch += 1;
    for (const timer of [this.#retry, this.#silence, this.#stable, this.#ping]) timer.stop();
    this.#bye = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    try {
      socket.close(CloseCode.normal);
    } catch (error) {
      this.#deps.warn('a socket could not be closed', error);
    }
  }

  #to(state: LinkState): void {
    this.#state = state;
    this.#deps.onState(state);
  }
}
