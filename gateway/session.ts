import { ParleyError } from '../shared/node/errors.ts';
import {
  type ClientFrame,
  CloseCode,
  type HelloFrame,
  LIMITS,
  type ServerFrame,
} from '../shared/wire/protocol.ts';
import { Credentials } from './credentials.ts';
import { checkFrame, clientIdOf, ProtocolViolation, type RawFrame, readFrame } from './frames.ts';
import { isFault } from './limits.ts';
import { controlFrame, type OutFrame } from './out-frame.ts';
import { Outbox, type OutboxOwner } from './outbox.ts';
import { sendErrorFrame, Sends } from './sends.ts';
import type { SessionDeps } from './session-deps.ts';
import type { Device, User } from './user.ts';
import { Welcome } from './welcome.ts';
import type { Transport } from './wire-writer.ts';

/** Frames that may come between `hello` and `ready`. */
const EARLY_FRAMES = 128;
/** ms a client has to take the goodbye before the connection is cut. */
const CLOSE_TIMEOUT = 3_000;

type State = 'new' | 'opening' | 'ready' | 'closed';

/** One socket: hello → ready → frames, until it closes. Knows the protocol; what a frame does lives elsewhere. */
export class Session implements Device, OutboxOwner {
  /** Clock's ms when the client was last heard of. */
  lastHeard: number;
  /** Clock's ms of the last beat. */
  lastBeat: number;
  /** Came to nothing, and its client was to blame. */
  isFaulty = false;
  readonly #deps: SessionDeps;
  readonly #transport: Transport;
  readonly #outbox: Outbox;
  readonly #credentials: Credentials;
  #state: State = 'new';
  #user: User | undefined;
  // What follows is there only while it is needed: most sockets are silent most of the time.
  #helloTimer: NodeJS.Timeout | undefined;
  #early: RawFrame[] | undefined;
  #sends: Sends | undefined;
  #typed: Map<string, number> | undefined;
  #catchingUp: Set<string> | undefined;

  constructor(deps: SessionDeps, transport: Transport) {
    this.#deps = deps;
    this.#transport = transport;
    this.lastHeard = deps.now();
    this.lastBeat = this.lastHeard;
    this.#outbox = new Outbox(transport, deps.flusher, this);
    this.#credentials = new Credentials(deps.verify, this);
    this.#helloTimer = setTimeout(() => {
      this.close(CloseCode.silent, 'no hello in time');
    }, deps.helloTimeout ?? LIMITS.helloTimeout);
  }

  get session(): string {
    return this.#credentials.session;
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
    return this.#sends?.unanswered ?? 0;
  }
  get catchingUp(): Set<string> {
    return (this.#catchingUp ??= new Set());
  }

  /** Whether a missing part of the room is being fetched. */
  isCatchingUp(room: string): boolean {
    return this.#catchingUp?.has(room) === true;
  }

  isIn(room: string): boolean {
    return this.#user?.rooms.has(room) === true;
  }

  sees(user: string): boolean {
    return this.#user?.sees(user) !== false;
  }

  push(frame: OutFrame): boolean {
    return this.#outbox.push(frame);
  }

  pushAll(frames: readonly OutFrame[], bytes: number): void {
    this.#outbox.pushAll(frames, bytes);
  }

  onSlow(): void {
    this.#deps.metrics.slowReaders.inc();
    this.close(CloseCode.slowReader, 'reader too slow');
  }

  onShed(): void {
    this.#deps.metrics.shed.inc({ reason: 'reader' });
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
    return this.isReady && this.#credentials.isExpired(unixMs);
  }

  /** From now on sends are refused with `retry`, so that those taken before can all be answered. */
  refuseSends(): void {
    this.#sending().refuse();
  }

  /** Closes; where the code is a planned one, every send is answered first, and `bye` said. */
  close(code: number, reason: string, retryAfterMs = 0): void {
    if (this.#state === 'closed') return;
    this.isFaulty = this.#state !== 'ready' && isFault(code);
    this.#end();
    this.#deps.metrics.closes.inc({ code });
    const isPlanned = code !== CloseCode.protocolViolation && code !== CloseCode.slowReader;
    const last: ServerFrame[] = [...(this.#sends?.abandon() ?? []), { type: 'bye', retryAfterMs, reason }];
    this.#outbox.finish(isPlanned ? last.map((frame) => controlFrame(frame)) : []);
    this.#transport.close(code, reason);
    setTimeout(() => this.#transport.terminate(), CLOSE_TIMEOUT).unref();
  }

  #end(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopHelloTimer();
    this.#early = undefined;
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
    const early = (this.#early ??= []);
    if (early.length >= EARLY_FRAMES) throw new ProtocolViolation('too much before ready');
    early.push(raw);
  }

  async #open(hello: HelloFrame): Promise<void> {
    this.#state = 'opening';
    this.#stopHelloTimer();
    await this.#deps.hellos.run(() => this.#enter(hello));
  }

  async #enter(hello: HelloFrame): Promise<void> {
    if (this.isClosed) return;
    const userId = this.#credentials.accept(hello.token);
    if (userId === undefined) return;
    const wait = this.#deps.limits?.hello(userId) ?? 0;
    if (wait > 0) return this.close(CloseCode.overloaded, 'too many connections', wait);
    const user = await this.#deps.hub.attach(this, userId);
    this.#user = user;
    if (this.isClosed) return this.#deps.hub.detach(this, user);
    if (!(await this.#deps.lists.load(user, this.session))) {
      return this.close(CloseCode.sessionEnded, 'session ended');
    }
    const welcome = new Welcome(this.#deps, user, hello.rooms ?? {});
    // No await between the last look and `ready`, which must lack no room.
    while (!this.isClosed && !welcome.isComplete) await welcome.readHeads();
    if (!this.isClosed) this.#becomeReady(user, welcome);
  }

  /** One queue: `ready`, what the client lacks, then what was held. A removal meanwhile wins over what came before it. */
  #becomeReady(user: User, welcome: Welcome): void {
    const { heartbeat } = this.#deps;
    this.#deps.hub.settle(user);
    const rooms = welcome.rooms();
    const self = user.version === 0 ? {} : { self: user.version };
    const ready = { type: 'ready', user: user.id, session: this.session, heartbeat, rooms, ...self } as const;
    this.#state = 'ready';
    this.lastBeat = this.#deps.now();
    const replays = welcome.replays(this);
    this.#outbox.release(
      [controlFrame(ready), ...replays],
      ({ room }) => room === undefined || user.rooms.has(room),
    );
    const early = this.#early ?? [];
    this.#early = undefined;
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
    if (frame.type !== 'send') this.#deps.limits?.frame(user.id);
    switch (frame.type) {
      case 'hello':
        throw new ProtocolViolation('second hello');
      case 'auth':
        return this.#credentials.refresh(frame.token);
      case 'send':
        return this.#sending().send(frame, user.id);
      case 'read':
        return this.#raise(user, frame.room, 'read', frame.seq);
      case 'got':
        for (const [room, seq] of Object.entries(frame.rooms)) this.#raise(user, room, 'got', seq);
        return;
      case 'typing':
        return this.#type(user, frame.room);
      case 'watch':
        return this.#deps.presence.watch(this, frame.users);
      case 'away':
        return user.setAway(this, frame.away);
      case 'ping':
        return this.#say({ type: 'pong' });
    }
  }

  #type(user: User, room: string): void {
    this.#typed ??= new Map();
    if (user.rooms.has(room)) this.#deps.typing.publish(this.#typed, user.id, room);
  }

  #sending(): Sends {
    return (this.#sends ??= new Sends(this.#deps, (frame) => this.#say(frame)));
  }

  #stopHelloTimer(): void {
    clearTimeout(this.#helloTimer);
    this.#helloTimer = undefined;
  }

  #raise(user: User, id: string, kind: 'read' | 'got', seq: number): void {
    // Not clamped here: what was read over REST may be ahead of what came through this gateway. The API clamps.
    if (user.rooms.has(id)) this.#deps.cursors.raise(user.id, id, kind, seq);
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
