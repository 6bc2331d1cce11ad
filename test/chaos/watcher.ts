import { WebSocket } from 'ws';
import { SUBPROTOCOL, type ServerFrame } from '../../shared/wire/protocol.ts';
import type { LogPage, Message } from '../../shared/wire/rest.ts';
import { call, type Person } from '../support/person.ts';
import { rowOf } from './device.ts';
import type { History, Row, View } from './history.ts';
import { between, type Random } from './random.ts';

/** ms without any frame after which a socket counts as dead; it is pinged four times as often. */
const SILENCE = 20_000;
const RETRY_PAUSE = 500;

interface Position {
  readonly rows: Map<string, Row>;
  readonly heard: Set<number>;
  /** Nothing at or below it is missing. */
  known: number;
  isFetching: boolean;
}

/**
 * A reader that trusts the gateway: it resumes with its position and reads the log only where it is told of a `gap`, so
 * that a hole the gateway leaves open stays visible. It knows nothing of the SDK.
 */
export class Watcher {
  readonly name: string;
  readonly #person: Person;
  readonly #history: History;
  readonly #random: Random;
  readonly #positions: ReadonlyMap<string, Position>;
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #heardAt = 0;
  #isOver = false;

  constructor(name: string, person: Person, rooms: readonly string[], random: Random, history: History) {
    this.name = name;
    this.#person = person;
    this.#history = history;
    this.#random = random;
    const fresh = (): Position => ({ rows: new Map(), heard: new Set(), known: 0, isFetching: false });
    this.#positions = new Map(rooms.map((room) => [room, fresh()]));
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

  /** Breaks the socket; it comes back by itself. */
  cut(): void {
    this.#socket?.terminate();
  }

  views(): View[] {
    return [...this.#positions].map(([room, { rows }]) => ({
      ...{ device: this.name, user: this.#person.id, room, waiting: 0 },
      rows: [...rows.values()].toSorted((a, b) => a.seq - b.seq),
    }));
  }

  #connect(): void {
    if (this.#isOver) return;
    const { place, token } = this.#person;
    const ca = place.ca ?? '';
    const socket = new WebSocket(`${place.origin.replace(/^http/, 'ws')}/ws`, SUBPROTOCOL, { ca });
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.on('open', () => {
      const rooms = Object.fromEntries([...this.#positions].map(([id, { known }]) => [id, known]));
      socket.send(JSON.stringify({ type: 'hello', token, rooms }));
    });
    socket.on('message', (data: Buffer) => this.#hear(JSON.parse(String(data)) as ServerFrame));
    socket.on('error', () => undefined); // a close follows
    socket.on('close', (code) => {
      if (code >= 4400) this.#note(`closed for good with ${code}`);
      setTimeout(() => this.#connect(), between(this.#random, 50, 1_500));
    });
  }

  #tick(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send('{"type":"ping"}');
    if (performance.now() - this.#heardAt > SILENCE) this.#socket?.terminate();
  }

  #hear(frame: ServerFrame): void {
    this.#heardAt = performance.now();
    if (frame.type === 'message') this.#count(frame.room, frame.seq, frame);
    else if (frame.type === 'change') this.#count(frame.room, frame.seq, frame.message);
    else if (frame.type === 'void') this.#count(frame.room, frame.seq);
    else if (frame.type === 'gap') void this.#fetch(frame.room, frame.to);
  }

  #count(room: string, seq: number, message?: Message): void {
    const position = this.#positions.get(room);
    if (position === undefined) return;
    // By id and seq, so that the same message under two numbers would show.
    if (message !== undefined) position.rows.set(`${message.id} ${message.seq}`, rowOf(message));
    position.heard.add(seq);
    while (position.heard.delete(position.known + 1)) position.known += 1;
  }

  async #fetch(room: string, to: number): Promise<void> {
    const position = this.#positions.get(room);
    if (position === undefined || position.isFetching) return;
    position.isFetching = true;
    while (!this.#isOver && position.known < to) {
      if (!(await this.#page(room, position))) await new Promise((go) => setTimeout(go, RETRY_PAUSE));
    }
    position.isFetching = false;
  }

  /** One answer of the log; true if the position moved. */
  async #page(room: string, position: Position): Promise<boolean> {
    const after = position.known;
    const { place, token } = this.#person;
    try {
      const raw = { signal: AbortSignal.timeout(10_000) };
      const path = `/rooms/${room}/log?after=${after}`;
      const { status, body } = await call<LogPage>(place, 'GET', path, { token, raw });
      if (status !== 200) return false;
      for (const message of [...body.messages, ...body.changed]) {
        position.rows.set(`${message.id} ${message.seq}`, rowOf(message));
      }
      for (let seq = after + 1; seq <= body.to; seq++) this.#count(room, seq);
      return body.to > after;
    } catch {
      return false; // no answer
    }
  }

  #note(text: string): void {
    this.#history.add({ type: 'note', who: this.name, text });
  }
}
