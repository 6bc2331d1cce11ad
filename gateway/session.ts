import { ParleyError } from '../shared/node/errors.ts';
import type { AccessClaims } from '../shared/node/token.ts';
import {
  type AuthFrame,
  type ClientFrame,
  CloseCode,
  type HelloFrame,
  LIMITS,
  type SeqByRoom,
  type ServerFrame,
} from '../shared/wire/protocol.ts';
import { checkFrame, clientIdOf, ProtocolViolation, type RawFrame, readFrame } from './frames.ts';
import { controlFrame, type OutFrame } from './out-frame.ts';
import { Outbox } from './outbox.ts';
import { sendErrorFrame, Sends } from './sends.ts';
import type { SessionDeps } from './session-deps.ts';
import type { Device, User } from './user.ts';
import type { Transport } from './wire-writer.ts';

/** ms after `exp` at which a socket without a fresh token closes. */
const TOKEN_GRACE = 30_000;
/** Frames that may come between `hello` and `ready`. */
const EARLY_FRAMES = 128;
/** ms a client has to take the goodbye before the connection is cut. */
const CLOSE_TIMEOUT = 3_000;

type State = 'new' | 'opening' | 'ready' | 'closed';

/** One socket: hello → ready → frames, until it closes. Knows the protocol; what a frame does lives elsewhere. */
export class Session implements Device {
  readonly catchingUp = new Set<string>();
  /** Clock's ms when the client was last heard of. */
  lastHeard: number;
  /** Clock's ms of the last beat. */
  lastBeat: number;
  readonly #deps: SessionDeps;
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #sends: Sends;
  readonly #typed = new Map<string, number>();
  readonly #helloTimer: NodeJS.Timeout;
  #state: State = 'new';
  #early: RawFrame[] = [];
  #user: User | undefined;
  #session = '';
  /** Unix seconds. */
  #expiresAt = 0;

  constructor(deps: SessionDeps, transport: Transport) {
    this.#deps = deps;
    this.#transport = transport;
    this.lastHeard = deps.now();
    this.lastBeat = this.lastHeard;
    this.#outbox = new Outbox(transport, deps.flusher, (code, reason) => {
      deps.metrics.slowReaders.inc();
      this.close(code, reason);
    });
    this.#sends = new Sends(deps, (frame) => this.#say(frame));
    this.#helloTimer = setTimeout(() => {
      this.close(CloseCode.silent, 'no hello in time');
    }, deps.helloTimeout ?? LIMITS.helloTimeout);
  }

  get session(): string {
    return this.#session;
  }
  get user(): User | undefined {
    return this.#user;
  }
  get isReady(): boolean {
    return this.#state === 'ready';
  }
  get isClosed(): boolean {
    return this.#state === 'closed';
  }
  get backlog(): number {
    return this.#outbox.backlog;
  }
  /** Sends whose answer is outstanding. */
  get unanswered(): number {
    return this.#sends.unanswered;
  }

  isIn(room: string): boolean {
    return this.#user?.rooms.has(room) === true;
  }

  push(frame: OutFrame): void {
    this.#outbox.push(frame);
  }

  ping(): void {
    this.#transport.ping();
  }

  /** A text frame from the client. */
  onText(text: string): void {
    if (this.#state === 'closed') return;
    this.lastHeard = this.#deps.now();
    try {
      this.#receive(readFrame(text));
    } catch (error) {
      if (error instanceof ProtocolViolation) this.close(CloseCode.protocolViolation, error.message);
      else this.#fail(error);
    }
  }

  onBinary(): void {
    this.close(CloseCode.protocolViolation, 'binary frame');
  }

  onPong(): void {
    this.lastHeard = this.#deps.now();
  }

  /** The connection is gone, for whatever reason. */
  onClosed(): void {
    this.#end();
    this.#outbox.discard();
  }

  /** True when the token ran out and the grace with it. `unixMs`: wall time. */
  isExpired(unixMs: number): boolean {
    return this.isReady && unixMs > this.#expiresAt * 1_000 + TOKEN_GRACE;
  }

  /** Closes with `bye` first where the code is a planned one. */
  close(code: number, reason: string, retryAfterMs = 0): void {
    if (this.#state === 'closed') return;
    this.#end();
    const isPlanned = code !== CloseCode.protocolViolation && code !== CloseCode.slowReader;
    this.#outbox.finish(isPlanned ? [controlFrame({ type: 'bye', retryAfterMs, reason })] : []);
    this.#transport.close(code, reason);
    setTimeout(() => this.#transport.terminate(), CLOSE_TIMEOUT).unref();
  }

  #end(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#helloTimer);
    this.#early = [];
    if (this.#user !== undefined) this.#deps.hub.detach(this, this.#user);
    this.#deps.presence.onClosed(this);
  }

  #receive(raw: RawFrame): void {
    if (this.#state === 'ready') return this.#handle(raw);
    if (this.#state === 'new') {
      if (raw.type !== 'hello') throw new ProtocolViolation('frame before hello');
      const hello = checkFrame(raw) as HelloFrame;
      this.#open(hello).catch((error: unknown) => this.#onOpenFailed(error));
      return;
    }
    if (raw.type === 'hello') throw new ProtocolViolation('second hello');
    if (this.#early.length >= EARLY_FRAMES) throw new ProtocolViolation('too much before ready');
    this.#early.push(raw);
  }

  async #open(hello: HelloFrame): Promise<void> {
    const claims = this.#authenticate(hello.token);
    if (claims === undefined) return;
    this.#state = 'opening';
    clearTimeout(this.#helloTimer);
    const user = await this.#deps.hub.attach(this, claims.user);
    this.#user = user;
    if (this.isClosed) return this.#deps.hub.detach(this, user);
    if (!(await this.#deps.lists.load(user, this.#session))) {
      return this.close(CloseCode.sessionEnded, 'session ended');
    }
    const have = hello.rooms ?? {};
    const heads = await this.#readHeads(user, have);
    if (!this.isClosed) this.#becomeReady(user, heads, have);
  }

  /** Of all the user's rooms, those included that they entered while others were read: `ready` must lack none. */
  async #readHeads(user: User, have: SeqByRoom): Promise<ReadonlyMap<string, number>> {
    const heads = new Map<string, number>();
    for (;;) {
      const rooms = [...user.rooms.keys()].flatMap((id) => this.#deps.hub.rooms.get(id) ?? []);
      const missing = rooms.filter((room) => !heads.has(room.id));
      if (this.isClosed || missing.length === 0) return heads;
      const read = await this.#deps.heads.read(missing.map((room) => ({ room, have: have[room.id] ?? 0 })));
      for (const [id, head] of read) heads.set(id, head);
    }
  }

  /** Notes the claims of a good token; closes the socket for any other. */
  #authenticate(token: string): AccessClaims | undefined {
    const claims = this.#deps.verify(token);
    if (claims === 'expired') this.close(CloseCode.tokenExpired, 'token expired');
    else if (claims === 'forged') this.close(CloseCode.sessionEnded, 'token not accepted');
    if (typeof claims === 'string') return undefined;
    this.#session = claims.session;
    this.#expiresAt = claims.expiresAt;
    return claims;
  }

  #becomeReady(user: User, heads: ReadonlyMap<string, number>, have: SeqByRoom): void {
    const rooms: Record<string, readonly [number, number, number]> = {};
    for (const [id, [readSeq, v]] of user.rooms) {
      const room = this.#deps.hub.rooms.get(id);
      const head = heads.get(id);
      if (room === undefined || head === undefined) continue;
      const version = Math.max(v, room.v);
      rooms[id] = [head, readSeq, version];
      room.told ??= version;
    }
    const { heartbeat } = this.#deps;
    const ready = { type: 'ready', user: user.id, session: this.#session, heartbeat, rooms } as const;
    this.#state = 'ready';
    this.lastBeat = this.#deps.now();
    this.#outbox.release([controlFrame(ready)]);
    for (const [id, seq] of Object.entries(have)) {
      const room = rooms[id] === undefined ? undefined : this.#deps.hub.rooms.get(id);
      if (room !== undefined) this.#deps.resume.replay(this, room, seq);
    }
    const early = this.#early;
    this.#early = [];
    for (const raw of early) this.#receive(raw);
  }

  #onOpenFailed(error: unknown): void {
    this.#deps.logger.warn({ err: error }, 'a hello could not be answered');
    const retryAfterMs = 1_000 + Math.floor(Math.random() * 4_000);
    this.close(CloseCode.overloaded, 'not available at the moment', retryAfterMs);
  }

  #handle(raw: RawFrame): void {
    try {
      const user = this.#user;
      if (user !== undefined) this.#act(checkFrame(raw), user);
    } catch (error) {
      if (error instanceof ProtocolViolation) return this.close(CloseCode.protocolViolation, error.message);
      this.#fail(error, clientIdOf(raw));
    }
  }

  #act(frame: ClientFrame, user: User): void {
    switch (frame.type) {
      case 'hello':
        throw new ProtocolViolation('second hello');
      case 'auth':
        return this.#refresh(frame, user);
      case 'send':
        return this.#sends.send(frame, user.id);
      case 'read':
        return this.#raise(user, frame.room, 'read', frame.seq);
      case 'got':
        for (const [room, seq] of Object.entries(frame.rooms)) this.#raise(user, room, 'got', seq);
        return;
      case 'typing':
        if (user.rooms.has(frame.room)) this.#deps.typing.publish(this.#typed, user.id, frame.room);
        return;
      case 'watch':
        return this.#deps.presence.watch(this, frame.users);
      case 'ping':
        return this.#say({ type: 'pong' });
    }
  }

  #raise(user: User, id: string, kind: 'read' | 'got', seq: number): void {
    // Not clamped here: what was read over REST may be ahead of what came through this gateway. The API clamps.
    if (user.rooms.has(id)) this.#deps.cursors.raise(user.id, id, kind, seq);
  }

  #refresh(frame: AuthFrame, user: User): void {
    const claims = this.#deps.verify(frame.token);
    if (claims === 'forged') return this.close(CloseCode.sessionEnded, 'token not accepted');
    if (claims === 'expired') throw new ParleyError('unauthorized', 'The token has expired.');
    if (claims.user !== user.id || claims.session !== this.#session) {
      throw new ParleyError('forbidden', 'The token belongs to another session.');
    }
    this.#expiresAt = Math.max(this.#expiresAt, claims.expiresAt);
  }

  #fail(error: unknown, clientId?: string): void {
    if (!(error instanceof ParleyError))
      this.#deps.logger.error({ err: error }, 'a frame could not be handled');
    this.#say(sendErrorFrame(error, clientId));
  }

  /** Before `ready` only errors are said; they wait behind nothing, since `ready` may never come. */
  #say(frame: ServerFrame): void {
    const out = controlFrame(frame);
    if (this.#state === 'new') this.#transport.write([out], out.wire);
    else this.#outbox.push(out);
  }
}
