import type { AckFrame, ErrorFrame } from '../../shared/wire/protocol.ts';
import type { RoomLedger } from '../check/room-ledger.ts';
import { now } from '../clock.ts';
import { Fifo } from '../fifo.ts';
import { Schedule } from '../schedule.ts';
import { decodeStamp, encodeStamp, textOf } from '../stamp.ts';
import type { Lane } from './lane.ts';
import { keyOf } from './message-reader.ts';
import type { Member } from './member.ts';
import type { Tally } from './tally.ts';

/** Seconds of sends that may wait for a free lane. */
const BACKLOG_SECONDS = 2;
const MIN_BACKLOG = 100;
/** ms after which a send without an answer goes out again under the same clientId. */
const ANSWER_TIMEOUT = 20_000;
const RETRY_SPREAD = 300;

export interface SenderOptions {
  readonly run: string;
  readonly textLength: number;
  readonly tally: Tally;
  /** By `keyOf`. */
  readonly ledgers: ReadonlyMap<number, RoomLedger>;
  readonly lanes: ReadonlyMap<number, Lane>;
}

/**
 * Sends at a fixed rate, an open loop: what cannot go out at its time waits in a bounded line and is still measured from
 * that time. Lanes take turns. What was not acknowledged goes out again under the same clientId.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #free = new Fifo<Lane>();
  /** Intended times. */
  readonly #backlog = new Fifo<number>();
  readonly #busy = new Set<Lane>();
  #maxBacklog = MIN_BACKLOG;
  #schedule = new Schedule(0, 0);
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Intended sends that wait. */
  get backlog(): number {
    return this.#backlog.size;
  }
  /** Sends without an answer. */
  get open(): number {
    return this.#busy.size;
  }

  /** From `from` on (ms of `clock.now`), instead of the rate before. */
  start(rate: number, from: number): void {
    this.#maxBacklog = Math.max(MIN_BACKLOG, Math.ceil(rate * BACKLOG_SECONDS));
    this.#schedule = new Schedule(rate, from);
    this.#wait();
  }

  /** Nothing new is sent; what waits counts as not sent. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#schedule = new Schedule(0, 0);
    this.#options.tally.count.notSent += this.#backlog.size;
    this.#backlog.clear();
  }

  /** Its lanes may send (again). */
  ready(member: Member): void {
    for (const lane of member.lanes) {
      if (lane.sending === undefined) this.#release(lane);
      else if (lane.sending.wiredAt === undefined) this.#wireAgain(lane);
    }
    this.#pump();
  }

  /** An `ack`, or an `error` with a clientId. */
  answer(frame: AckFrame | ErrorFrame): void {
    const stamp = decodeStamp(this.#options.run, frame.clientId);
    const lane = this.#options.lanes.get(stamp?.lane ?? -1);
    if (stamp === undefined || lane === undefined) return;
    if (frame.type === 'ack') this.#acked(lane, frame.seq, stamp.n, stamp.at);
    else if (lane.sending?.n === stamp.n) this.#refused(lane, frame);
  }

  /** To be called about once a second. */
  sweep(time: number): void {
    for (const lane of this.#busy) {
      const wiredAt = lane.sending?.wiredAt;
      if (wiredAt === undefined || time - wiredAt < ANSWER_TIMEOUT) continue;
      this.#options.tally.error('no answer');
      this.#wireAgain(lane);
    }
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const wait = this.#schedule.wait(now());
    if (wait === Infinity) return;
    this.#timer = setTimeout(() => {
      this.#pump();
      this.#wait();
    }, wait);
  }

  #pump(): void {
    const { count } = this.#options.tally;
    const time = now();
    for (let at = this.#schedule.due(time); at !== undefined; at = this.#schedule.due(time)) {
      count.intended += 1;
      if (this.#backlog.size < this.#maxBacklog) this.#backlog.push(at);
      else count.notSent += 1;
    }
    while (this.#backlog.size > 0) {
      const lane = this.#nextFree();
      if (lane === undefined) return;
      this.#send(lane, this.#backlog.shift() ?? time);
    }
  }

  /** Lanes whose socket is down leave the line; they come back with `ready`. */
  #nextFree(): Lane | undefined {
    for (;;) {
      const lane = this.#free.shift();
      if (lane === undefined) return undefined;
      lane.isWaiting = false;
      if (lane.member.isReady) return lane;
    }
  }

  #release(lane: Lane): void {
    if (lane.isWaiting) return;
    lane.isWaiting = true;
    this.#free.push(lane);
  }

  #send(lane: Lane, at: number): void {
    lane.n += 1;
    const stamp = { lane: lane.lane, n: lane.n, at };
    lane.sending = { clientId: encodeStamp(this.#options.run, stamp), n: lane.n, at, wiredAt: undefined };
    this.#busy.add(lane);
    this.#options.tally.count.sent += 1;
    this.#wire(lane);
  }

  #wireAgain(lane: Lane): void {
    this.#options.tally.count.retried += 1;
    this.#wire(lane);
  }

  #wire(lane: Lane): void {
    const { sending, room, after } = lane;
    if (sending === undefined || !lane.member.isReady) return;
    const { clientId, n, at } = sending;
    const { run, textLength } = this.#options;
    sending.wiredAt = now();
    const text = textOf(run, { lane: lane.lane, n, at }, textLength);
    const body = { type: 'send', clientId, room, text, ...(after === undefined ? {} : { after }) };
    lane.member.send(JSON.stringify(body));
  }

  #acked(lane: Lane, seq: number, n: number, at: number): void {
    const ledger = this.#options.ledgers.get(keyOf(lane.room));
    // Also where it is the second ack of one message: a second number would show here.
    ledger?.shown(seq, lane.lane, n);
    if (lane.sending?.n !== n) return;
    ledger?.acked.add(seq);
    this.#options.tally.count.acked += 1;
    this.#options.tally.record('ack', now() - at);
    lane.after = seq;
    this.#done(lane);
  }

  #refused(lane: Lane, frame: ErrorFrame): void {
    const { tally } = this.#options;
    tally.error(frame.code);
    if (!frame.retry) {
      tally.count.refused += 1;
      return this.#done(lane);
    }
    const { sending } = lane;
    if (sending === undefined) return;
    sending.wiredAt = undefined;
    // At most one for each lane.
    setTimeout(
      () => {
        if (lane.sending === sending && sending.wiredAt === undefined) this.#wireAgain(lane);
      },
      (frame.retryAfterMs ?? 0) + Math.random() * RETRY_SPREAD,
    );
  }

  #done(lane: Lane): void {
    lane.sending = undefined;
    this.#busy.delete(lane);
    this.#release(lane);
    if (this.#backlog.size > 0) this.#pump();
  }
}
