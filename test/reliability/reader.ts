import { WebSocket } from 'ws';
import { Backoff } from '../../shared/wire/backoff.ts';
import { isFinal, type AckFrame, type ErrorFrame, type ServerFrame } from '../../shared/wire/protocol.ts';
import type { Message } from '../../shared/wire/rest.ts';
import type { Person } from '../support/person.ts';
import type { RoomView } from './judge.ts';
import type { Ledger } from './ledger.ts';
import type { Network } from './network.ts';
import type { Outage } from './outages.ts';
import { Position } from './position.ts';

/** ms without any frame after which a socket counts as dead. */
const SILENCE = 60_000;
/** ms from the open socket to its `ready`. */
const READY_TIMEOUT = 10_000;
const READ_PAUSE = 1_000;
/** ms a socket must have lived for the backoff to start from its beginning. */
const STABLE = 10_000;

export interface ReaderOptions {
  readonly name: string;
  readonly person: Person;
  readonly network: Network;
  readonly ledger: Ledger;
}

/**
 * One cheap socket that follows the contract and no more: it comes back with a jittered backoff and its positions, reads
 * the log where it is told of a `gap`, and notes when it was away. It trusts the gateway for all else, so that a hole
 * left open shows.
 */
export class Reader {
  readonly name: string;
  readonly outages: Outage[] = [];
  readonly #options: ReaderOptions;
  readonly #positions = new Map<string, Position>();
  readonly #backoff = new Backoff();
  readonly #answers = new Map<string, (answer: AckFrame | ErrorFrame | undefined) => void>();
  #socket: WebSocket | undefined;
  #targets: ReadonlyMap<string, number> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #heardAt = 0;
  #readyAt: number | undefined;
  #asked: number | undefined;
  #finalCode: number | undefined;
  #isOver = false;
  #settled: () => void = () => undefined;
  #onReady: (() => void)[] = [];

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get isReady(): boolean {
    return this.#readyAt !== undefined;
  }

  /** The close code that forbids to come back, if there was one. */
  get finalCode(): number | undefined {
    return this.#finalCode;
  }

  get views(): RoomView[] {
    return [...this.#positions].map(([room, { from, messages }]) => ({
      reader: this.name,
      room,
      from,
      messages,
    }));
  }

  /** Opens the socket and keeps it open; resolves with the first `ready`. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#watch(), READY_TIMEOUT / 2);
    const ready = this.whenReady();
    void this.#connect();
    await ready;
  }

  stop(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#socket?.terminate();
  }

  async whenReady(): Promise<void> {
    if (this.isReady) return;
    await new Promise<void>((resolve) => this.#onReady.push(resolve));
  }

  /** True when nothing at or below the heads is missing. */
  has(heads: ReadonlyMap<string, number>): boolean {
    for (const [room, { known }] of this.#positions) if (known < (heads.get(room) ?? 0)) return false;
    return true;
  }

  /** Sends and gives the answer, undefined where the socket broke before it came, or none came within `timeoutMs`. */
  async ask(
    frame: { readonly type: 'send'; readonly clientId: string },
    timeoutMs: number,
  ): Promise<AckFrame | ErrorFrame | undefined> {
    if (!this.isReady) return undefined;
    return await new Promise((resolve) => {
      const timer = setTimeout(() => settle(undefined), timeoutMs);
      const settle = (answer: AckFrame | ErrorFrame | undefined): void => {
        clearTimeout(timer);
        this.#answers.delete(frame.clientId);
        resolve(answer);
      };
      this.#answers.set(frame.clientId, settle);
      this.#socket?.send(JSON.stringify(frame));
    });
  }

  async #connect(): Promise<void> {
    const { socket, settled } = await this.#options.network.open();
    if (this.#isOver) socket.terminate();
    this.#settled = settled;
    this.#socket = socket;
    this.#heardAt = performance.now();
    this.#asked = undefined;
    socket.on('open', () => {
      this.#heardAt = performance.now();
      const rooms = Object.fromEntries([...this.#positions].map(([id, { known }]) => [id, known]));
      socket.send(JSON.stringify({ type: 'hello', token: this.#options.person.token, rooms }));
    });
    socket.on('message', (data: Buffer) => this.#hear(JSON.parse(String(data)) as ServerFrame));
    socket.on('error', () => undefined); // a close follows
    socket.on('close', (code) => this.#closed(code));
  }

  #closed(code: number): void {
    const now = performance.now();
    this.#settled();
    if (this.#isOver) return;
    if (this.#readyAt !== undefined) {
      this.outages.push({ droppedAt: now, code, wasTold: this.#asked !== undefined });
      if (now - this.#readyAt > STABLE) this.#backoff.reset();
    }
    this.#readyAt = undefined;
    this.#targets = undefined;
    for (const settle of [...this.#answers.values()]) settle(undefined);
    if (isFinal(code)) {
      this.#finalCode = code;
      return;
    }
    setTimeout(() => void this.#connect(), this.#backoff.next(this.#asked));
  }

  #watch(): void {
    const limit = this.isReady ? SILENCE : READY_TIMEOUT;
    if (this.#socket?.readyState === WebSocket.OPEN && performance.now() - this.#heardAt > limit)
      this.#socket.terminate();
  }

  #hear(frame: ServerFrame): void {
    this.#heardAt = performance.now();
    switch (frame.type) {
      case 'message':
        this.#show(frame);
        return this.#count(frame.room, frame.seq);
      case 'change':
        this.#show(frame.message);
        return this.#count(frame.room, frame.seq);
      case 'void':
        return this.#count(frame.room, frame.seq);
      case 'gap':
        return void this.#read(frame.room, frame.to);
      case 'ready':
        return this.#ready(frame.rooms);
      case 'bye':
        this.#asked = frame.retryAfterMs;
        return;
      case 'ack':
      case 'error':
        if (frame.clientId !== undefined) this.#answers.get(frame.clientId)?.(frame);
        return;
      default:
    }
  }

  #ready(rooms: Readonly<Record<string, readonly [head: number, readSeq: number, v: number]>>): void {
    this.#readyAt = performance.now();
    this.#settled();
    const targets = new Map<string, number>();
    for (const [room, [head]] of Object.entries(rooms)) {
      if (!this.#positions.has(room)) this.#positions.set(room, new Position(head));
      targets.set(room, head);
    }
    this.#targets = targets;
    const outage = this.outages.at(-1);
    if (outage !== undefined) outage.readyAt ??= this.#readyAt;
    this.#settle();
    for (const resolve of this.#onReady.splice(0)) resolve();
  }

  #show(message: Message): void {
    const position = this.#positions.get(message.room);
    if (position === undefined || message.seq <= position.from) return;
    this.#options.ledger.saw(message);
    position.messages.add(message.seq);
  }

  #count(room: string, seq: number): void {
    this.#positions.get(room)?.heard(seq);
    this.#settle();
  }

  /** Notes when all that `ready` told of has come. */
  #settle(): void {
    if (this.#targets === undefined || !this.has(this.#targets)) return;
    this.#targets = undefined;
    const outage = this.outages.at(-1);
    if (outage !== undefined) outage.caughtUpAt ??= performance.now();
  }

  async #read(room: string, to: number): Promise<void> {
    const { network, person } = this.#options;
    const position = this.#positions.get(room);
    const socket = this.#socket;
    while (position !== undefined && position.known < to && socket === this.#socket && !this.#isOver) {
      const after = position.known;
      const page = await network.log(person.token, room, after);
      for (const message of [...(page?.messages ?? []), ...(page?.changed ?? [])]) this.#show(message);
      position.readTo(page?.to ?? 0);
      if (position.known === after) await new Promise((resolve) => setTimeout(resolve, READ_PAUSE));
    }
    this.#settle();
  }
}
