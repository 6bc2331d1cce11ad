import { Backoff } from '../../shared/wire/backoff.ts';
import {
  CloseCode,
  isFinal,
  parseFrame,
  type AckFrame,
  type ErrorFrame,
  type ReadyFrame,
  type ServerFrame,
} from '../../shared/wire/protocol.ts';
import { FOREIGN, NOTHING, type RoomLedger } from '../check/room-ledger.ts';
import { now } from '../clock.ts';
import type { Seat } from '../messages.ts';
import { HandshakeError, type RawSocket, type SocketHandler } from '../socket/index.ts';
import { decodeStamp } from '../stamp.ts';
import type { Lane } from './lane.ts';
import { keyOf, type MessageReader } from './message-reader.ts';
import { Place } from './place.ts';
import type { Tally } from './tally.ts';

/** ms after which a connection counts as stable, so that the next break begins with a short wait. */
const STABLE = 10_000;
/** ms from the upgrade to `ready`. */
const READY_TIMEOUT = 20_000;
/** Heartbeats in which nothing may come. */
const SILENT_BEATS = 2;
export interface MemberDeps {
  readonly run: string;
  readonly reader: MessageReader;
  readonly tally: Tally;
  /** By `keyOf`. */
  readonly ledgers: ReadonlyMap<number, RoomLedger>;
  roomsOf(user: number): readonly string[];
  token(user: number): string;
  connect(seat: Seat): Promise<RawSocket>;
  onReady(member: Member): void;
  onAnswer(frame: AckFrame | ErrorFrame): void;
  /** The socket is gone; it may come back after `wait` ms. */
  onDown(member: Member, wait: number): void;
  onExpired(user: number): void;
  /** The log is to be read up to `to`. */
  onMissing(member: Member, place: Place, to: number): void;
}

/** One socket as a client would keep it: it comes back as the contract says, resumes, and repairs what it is told of. */
export class Member implements SocketHandler {
  readonly seat: Seat;
  readonly lanes: Lane[] = [];
  readonly #deps: MemberDeps;
  readonly #places = new Map<number, Place>();
  readonly #backoff = new Backoff();
  #socket: RawSocket | undefined;
  #openedAt = 0;
  #heardAt = 0;
  /** ms of `clock.now`; 0 while it is not ready. */
  #readyAt = 0;
  #heartbeat = 30_000;
  /** When it broke; 0 once it has again what it missed. */
  #brokeAt = 0;
  #asked = 0;
  #isBarred = false;
  #settled: () => void = () => undefined;

  constructor(seat: Seat, deps: MemberDeps) {
    this.seat = seat;
    this.#deps = deps;
  }

  get isReady(): boolean {
    return this.#readyAt > 0;
  }
  get places(): Iterable<Place> {
    return this.#places.values();
  }

  /** One attempt; resolves when it is ready, or has failed. */
  async open(): Promise<void> {
    const { tally } = this.#deps;
    this.#openedAt = now();
    tally.count.opened += 1;
    try {
      this.#socket = await this.#deps.connect(this.seat);
    } catch (error) {
      tally.count.failed += 1;
      tally.error(connectError(error));
      const asked = error instanceof HandshakeError ? error.retryAfterMs : undefined;
      return this.#deps.onDown(this, this.#backoff.next(asked));
    }
    tally.record('connect', now() - this.#openedAt);
    this.#heardAt = now();
    const settled = new Promise<void>((resolve) => (this.#settled = resolve));
    this.#socket.listen(this);
    this.#socket.sendText(
      JSON.stringify({
        type: 'hello',
        token: this.#deps.token(this.seat.user),
        rooms: Object.fromEntries([...this.#places.values()].map(({ room, view }) => [room, view.known])),
      }),
    );
    await settled;
  }

  send(text: string): void {
    this.#socket?.sendText(text);
  }

  /** As if the network had broken. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** A token that holds longer, for a socket that stays. */
  renew(token: string): void {
    if (this.isReady) this.send(JSON.stringify({ type: 'auth', token }));
  }

  /** To be called about once a second: ends what is silent, repairs what stays missing. */
  inspect(time: number): void {
    const patience = this.isReady ? SILENT_BEATS * this.#heartbeat : READY_TIMEOUT;
    if (this.#socket?.isOpen === true && time - this.#heardAt > patience) {
      this.#deps.tally.error('silent');
      this.#socket.terminate();
    }
    if (!this.isReady) return;
    for (const place of this.#places.values()) {
      const to = place.stuck(time);
      if (to === undefined) continue;
      this.#deps.tally.count.repairs += 1;
      this.#deps.onMissing(this, place, to);
    }
  }

  onText(bytes: Buffer, start: number, end: number): void {
    const { reader } = this.#deps;
    if (!reader.read(bytes, start, end)) return this.#parse(bytes.toString('utf8', start, end));
    const time = now();
    this.#heardAt = time;
    const place = this.#places.get(reader.room);
    if (place !== undefined) this.#shown(place, reader.seq, reader.lane, reader.n, time - reader.at);
  }

  onClose(code: number): void {
    const { tally } = this.#deps;
    const time = now();
    tally.close(code);
    if (this.isReady) {
      if (time - this.#readyAt > STABLE) this.#backoff.reset();
      if (this.#brokeAt === 0) this.#brokeAt = time;
    }
    this.#readyAt = 0;
    this.#socket = undefined;
    for (const { sending } of this.lanes) if (sending !== undefined) sending.wiredAt = undefined;
    this.#settled();
    if (isFinal(code)) {
      if (!this.#isBarred) tally.count.barred += 1;
      this.#isBarred = true;
      return;
    }
    if (code === CloseCode.tokenExpired) this.#deps.onExpired(this.seat.user);
    this.#deps.onDown(this, this.#backoff.next(this.#asked));
    this.#asked = 0;
  }

  /** A page of the log: messages by seq, and nothing else from `after` to `to`. */
  readPage(
    place: Place,
    page: { readonly messages: readonly { seq: number; clientId?: string }[]; readonly to: number },
  ): void {
    const { ledger, view } = place;
    const messages = new Map(page.messages.map(({ seq, clientId }) => [seq, clientId]));
    for (let seq = view.known + 1; seq <= page.to; seq++) {
      if (!messages.has(seq)) ledger.shown(seq, NOTHING, 0);
      else this.#shownMessage(place, seq, messages.get(seq));
    }
    view.readTo(page.to);
    this.#checkCaughtUp();
  }

  #parse(text: string): void {
    this.#heardAt = now();
    let frame: ServerFrame;
    try {
      frame = parseFrame(text) as unknown as ServerFrame;
    } catch {
      return this.#deps.tally.error('no frame');
    }
    this.#hear(frame);
  }

  #hear(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ready':
        return this.#ready(frame);
      case 'message': {
        const place = this.#places.get(keyOf(frame.room));
        if (place !== undefined) this.#shownMessage(place, frame.seq, frame.clientId);
        return;
      }
      case 'change':
      case 'void': {
        const place = this.#places.get(keyOf(frame.room));
        if (place !== undefined) this.#shown(place, frame.seq, NOTHING, 0, 0);
        return;
      }
      case 'ack':
        return this.#deps.onAnswer(frame);
      case 'error':
        if (frame.clientId === undefined) this.#deps.tally.error(frame.code);
        return this.#deps.onAnswer(frame);
      case 'gap':
        return this.#gap(frame.room, frame.to);
      case 'beat':
        for (const [room, seq] of Object.entries(frame.rooms ?? {})) this.#told(room, seq);
        return;
      case 'bye':
        this.#asked = frame.retryAfterMs;
        return;
      default:
    }
  }

  #ready(frame: ReadyFrame): void {
    const { tally, ledgers, roomsOf } = this.#deps;
    const time = now();
    const isFirst = this.#places.size === 0;
    this.#heartbeat = frame.heartbeat * 1_000;
    for (const room of roomsOf(this.seat.user)) {
      const head = frame.rooms[room]?.[0];
      const ledger = ledgers.get(keyOf(room));
      if (head === undefined || ledger === undefined) tally.count.missingRooms += 1;
      else if (this.#places.has(keyOf(room))) this.#told(room, head);
      else {
        ledger.begin(head);
        this.#places.set(keyOf(room), new Place(room, ledger, head));
      }
    }
    this.#readyAt = time;
    tally.count.ready += 1;
    if (isFirst || this.#brokeAt === 0) tally.record('ready', time - this.#openedAt);
    else tally.record('back', time - this.#brokeAt);
    this.#settled();
    this.#checkCaughtUp();
    this.#deps.onReady(this);
  }

  #shownMessage(place: Place, seq: number, clientId: string | undefined): void {
    const stamp = decodeStamp(this.#deps.run, clientId);
    if (stamp === undefined) this.#shown(place, seq, FOREIGN, 0, 0);
    else this.#shown(place, seq, stamp.lane, stamp.n, now() - stamp.at);
  }

  #shown(place: Place, seq: number, lane: number, n: number, latency: number): void {
    const { tally } = this.#deps;
    place.ledger.shown(seq, lane, n);
    if (!place.view.heard(seq)) {
      tally.count.repeats += 1;
      return;
    }
    if (lane >= 0) {
      tally.count.deliveries += 1;
      tally.record('delivery', latency);
    }
    if (this.#brokeAt > 0) this.#checkCaughtUp();
  }

  #told(room: string, seq: number): void {
    this.#places.get(keyOf(room))?.tell(seq);
  }

  #gap(room: string, to: number): void {
    const place = this.#places.get(keyOf(room));
    if (place === undefined) return;
    this.#deps.tally.count.gaps += 1;
    place.tell(to);
    this.#deps.onMissing(this, place, to);
  }

  #checkCaughtUp(): void {
    if (this.#brokeAt === 0 || !this.isReady) return;
    for (const place of this.#places.values()) if (place.isBehind) return;
    this.#deps.tally.record('caughtUp', now() - this.#brokeAt);
    this.#brokeAt = 0;
  }
}

/** In a few words: the answer to the upgrade, or what the system said. */
function connectError(error: unknown): string {
  if (error instanceof HandshakeError && error.status > 0) return `upgrade ${error.status}`;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? `connect ${String(cause.code)}` : 'connect failed';
}
