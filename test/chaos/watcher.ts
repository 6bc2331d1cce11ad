import { WebSocket } from 'ws';
import { SUBPROTOCOL, type ReadyFrame, type ServerFrame } from '../../shared/wire/protocol.ts';
import type { LogPage, Message } from '../../shared/wire/rest.ts';
import type { Account } from './account.ts';
import type { Arrivals, Row, Span, View } from './evidence.ts';
import { describeFrame } from './frames.ts';
import type { History } from './history.ts';
import { between, type Random } from './random.ts';
import type { Rows } from './rows.ts';

/** ms without any frame after which a socket counts as dead; it is pinged four times as often. */
const SILENCE = 20_000;
const RETRY_PAUSE = 500;

interface Position {
  /** By id and seq, so that the same message under two numbers would show. */
  readonly rows: Map<string, Row>;
  readonly heardAt: (number | undefined)[];
  /** Nothing at or below it is missing. */
  known: number;
  /** Up to here the log is to be read. */
  wanted: number;
  isFetching: boolean;
  isOut: boolean;
}
export interface WatcherOptions {
  readonly name: string;
  readonly account: Account;
  /** Where it connects; the account's own place is where it reads. */
  readonly origin: string;
  readonly rooms: readonly string[];
  readonly random: Random;
  readonly history: History;
  readonly rows: Rows;
  readonly refusesLog: boolean;
}
interface CatchUp {
  readonly since: number;
  readonly heads: ReadonlyMap<string, number>;
}

/**
 * A reader that trusts the gateway: it resumes with its position and reads the log only where it is told of a `gap`, or
 * was out of the room, so that a hole the gateway leaves open stays visible. It knows nothing of the SDK.
 */
export class Watcher {
  readonly name: string;
  readonly user: string;
  /** ms from each socket's opening until it had everything that `ready` told of. */
  readonly catchUps: number[] = [];
  readonly #options: WatcherOptions;
  readonly #positions: ReadonlyMap<string, Position>;
  readonly #connected: Span[] = [];
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #heardAt = 0;
  #openedAt = 0;
  #away = 0;
  #readyAt: number | undefined;
  #catchUp: CatchUp | undefined;
  #isOver = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.name = options.name;
    this.user = options.account.id;
    const fresh = (): Position => ({
      ...{ rows: new Map(), heardAt: [], known: 0, wanted: 0, isFetching: false, isOut: false },
    });
    this.#positions = new Map(options.rooms.map((room) => [room, fresh()]));
    options.account.onToken((token) => this.#send({ type: 'auth', token }));
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), SILENCE / 4);
    this.#connect();
  }

  stop(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#socket?.terminate();
  }

  /** Breaks the socket; it comes back by itself, after `away` ms at the earliest. */
  cut(away: number): void {
    this.#away = away;
    this.#socket?.terminate();
  }

  type(room: string): void {
    this.#send({ type: 'typing', room });
  }

  views(): View[] {
    return [...this.#positions].map(([room, { rows }]) => ({
      ...{ device: this.name, user: this.user, room, from: 0, waiting: 0 },
      rows: [...rows.values()].sort((a, b) => a.seq - b.seq),
    }));
  }

  arrivals(): Arrivals[] {
    const now = this.#options.history.now;
    const open = this.#readyAt === undefined ? [] : [{ from: this.#readyAt, to: now }];
    const connected = [...this.#connected, ...open];
    return [...this.#positions].map(([room, { heardAt }]) => ({
      ...{ reader: this.name, user: this.user, room, heardAt, connected },
    }));
  }

  #connect(): void {
    if (this.#isOver) return;
    const { account, history, origin, random } = this.#options;
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/ws`, SUBPROTOCOL, {
      ca: account.place.ca ?? '',
    });
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.on('open', () => {
      this.#openedAt = performance.now();
      const rooms = Object.fromEntries([...this.#positions].map(([id, { known }]) => [id, known]));
      this.#send({ type: 'hello', token: account.token, rooms });
    });
    socket.on('message', (data: Buffer) => this.#hear(String(data)));
    socket.on('error', () => undefined); // a close follows
    socket.on('close', (code) => {
      if (this.#readyAt !== undefined) this.#connected.push({ from: this.#readyAt, to: history.now });
      this.#readyAt = undefined;
      this.#catchUp = undefined;
      if (code >= 4400) this.#note(`closed for good with ${code}`);
      setTimeout(() => this.#connect(), Math.max(this.#away, between(random, 50, 1_500)));
      this.#away = 0;
    });
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #tick(): void {
    this.#send({ type: 'ping' });
    if (performance.now() - this.#heardAt > SILENCE) this.#socket?.terminate();
  }

  #hear(text: string): void {
    this.#heardAt = performance.now();
    this.#options.history.frame(this.user, this.name, describeFrame(text));
    this.#take(JSON.parse(text) as ServerFrame);
  }

  #take(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ready':
        return this.#ready(frame);
      case 'message':
        return this.#count(frame.room, frame.seq, frame);
      case 'change':
        return this.#count(frame.room, frame.seq, frame.message);
      case 'void':
        return this.#count(frame.room, frame.seq);
      case 'gap':
        return void this.#fetch(frame.room, frame.to);
      case 'room.removed':
        return this.#setOut(frame.room, true);
      case 'room':
        if (this.#positions.get(frame.room.id)?.isOut !== true) return;
        this.#setOut(frame.room.id, false);
        return void this.#fetch(frame.room.id, frame.head);
      default:
    }
  }

  #ready({ rooms }: ReadyFrame): void {
    this.#readyAt = this.#options.history.now;
    for (const room of this.#positions.keys()) this.#setOut(room, rooms[room] === undefined);
    const heads = new Map(Object.entries(rooms).map(([room, [head]]) => [room, head]));
    this.#catchUp = { since: this.#openedAt, heads };
    this.#checkCaughtUp();
  }

  #setOut(room: string, isOut: boolean): void {
    const position = this.#positions.get(room);
    if (position !== undefined) position.isOut = isOut;
  }

  #checkCaughtUp(): void {
    if (this.#catchUp === undefined) return;
    for (const [room, { known, isOut }] of this.#positions)
      if (!isOut && known < (this.#catchUp.heads.get(room) ?? 0)) return;
    this.catchUps.push(performance.now() - this.#catchUp.since);
    this.#catchUp = undefined;
  }

  #count(room: string, seq: number, message?: Message): void {
    const position = this.#positions.get(room);
    if (position === undefined) return;
    if (message !== undefined) this.#hold(position, message);
    position.heardAt[seq] ??= this.#options.history.now;
    while (position.heardAt[position.known + 1] !== undefined) position.known += 1;
    this.#checkCaughtUp();
  }

  #hold(position: Position, message: Message): void {
    const key = `${message.id} ${message.seq}`;
    const held = position.rows.get(key);
    if (held === undefined || held.rev <= message.rev) position.rows.set(key, this.#options.rows.of(message));
  }

  async #fetch(room: string, to: number): Promise<void> {
    const position = this.#positions.get(room);
    if (position === undefined) return;
    position.wanted = Math.max(position.wanted, to);
    if (position.isFetching) return;
    position.isFetching = true;
    while (!this.#isOver && !position.isOut && position.known < position.wanted) {
      if (!(await this.#page(room, position))) await new Promise((go) => setTimeout(go, RETRY_PAUSE));
    }
    position.isFetching = false;
  }

  /** One answer of the log; true if the position moved. */
  async #page(room: string, position: Position): Promise<boolean> {
    const { account, history, refusesLog } = this.#options;
    const after = position.known;
    const askedAt = history.now;
    const answer = refusesLog
      ? undefined
      : await account.try<LogPage>('GET', `/rooms/${room}/log?after=${after}`);
    if (answer?.status !== 200) return false;
    history.heard(this.user, this.name, 'GET log', room, askedAt);
    for (const message of [...answer.body.messages, ...answer.body.changed]) this.#hold(position, message);
    for (let seq = after + 1; seq <= answer.body.to; seq++) this.#count(room, seq);
    return answer.body.to > after;
  }

  #note(text: string): void {
    this.#options.history.note(this.name, text);
  }
}
