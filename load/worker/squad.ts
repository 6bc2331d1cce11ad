import { monitorEventLoopDelay } from 'node:perf_hooks';
import { SOCKET_PATH, SUBPROTOCOL } from '../../shared/wire/protocol.ts';
import { Findings } from '../check/findings.ts';
import { RoomLedger } from '../check/room-ledger.ts';
import { SeqBits, type PackedBits } from '../check/seq-bits.ts';
import { now, pause } from '../clock.ts';
import type { Assignment, News, Seat, Tick } from '../messages.ts';
import { Rest } from '../rest.ts';
import { connectRaw, Trust, type RawSocket } from '../socket/index.ts';
import { hasAll, missing } from './judge.ts';
import { Lane } from './lane.ts';
import { LogReader } from './log-reader.ts';
import { Member, type MemberDeps } from './member.ts';
import { keyOf, MessageReader } from './message-reader.ts';
import { Opener } from './opener.ts';
import { Sender } from './sender.ts';
import { Tally } from './tally.ts';

const CONNECT_TIMEOUT = 20_000;
const READ_BUFFER = 64 * 1024;
const POLL = 100;
const LAG_RESOLUTION = 10;
/** Numbers whose order is judged, of all rooms together; of each room a power of two between these. */
const WINDOW_TOTAL = 400_000;
const [WINDOW_MIN, WINDOW_MAX] = [64, 4_096];

/** One worker's part of the crowd: its sockets, what they send and what they were shown. */
export class Squad {
  readonly #assignment: Assignment;
  readonly #tell: (news: News) => void;
  readonly #tally = new Tally();
  readonly #findings = new Findings();
  readonly #ledgers = new Map<number, RoomLedger>();
  readonly #lanes = new Map<number, Lane>();
  readonly #members: readonly Member[];
  readonly #tokens: Map<number, string>;
  readonly #opener = new Opener();
  readonly #sender: Sender;
  readonly #logReader: LogReader;
  readonly #trust: Trust;
  readonly #readBuffer = Buffer.allocUnsafe(READ_BUFFER);
  readonly #lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION });

  constructor(assignment: Assignment, tell: (news: News) => void) {
    const { run, ca, insecure, url, textLength } = assignment;
    this.#assignment = assignment;
    this.#tell = tell;
    this.#tokens = new Map(assignment.tokens);
    this.#trust = new Trust({ ca, rejectUnauthorized: !insecure });
    this.#makeLedgers();
    const options = { run, textLength, tally: this.#tally, ledgers: this.#ledgers, lanes: this.#lanes };
    this.#sender = new Sender(options);
    const token = (user: number): string => this.#tokens.get(user) ?? '';
    this.#logReader = new LogReader(new Rest({ origin: url, ca, insecure }), this.#tally, token);
    this.#members = this.#makeMembers(token);
    this.#lag.enable();
  }

  /** Opens all sockets, so many a second. */
  open(perSecond: number): void {
    this.#opener.open(this.#members, perSecond);
  }

  /** Messages a second from `from` on; 0 stops. */
  send(rate: number, from: number): void {
    if (rate > 0) this.#sender.start(rate, from);
    else this.#sender.stop();
  }

  /** Cuts this share of the sockets that are ready. */
  cut(share: number): void {
    const ready = this.#members.filter(({ isReady }) => isReady);
    for (const member of ready.slice(0, Math.round(ready.length * share))) member.cut();
  }

  renew(tokens: ReadonlyMap<number, string>): void {
    for (const [user, token] of tokens) this.#tokens.set(user, token);
    for (const member of this.#members) {
      const token = tokens.get(member.seat.user);
      if (token !== undefined) member.renew(token);
    }
  }

  /** Looks after everything once a second and gives what was counted since the last time. */
  tick(): Tick {
    const time = now();
    for (const member of this.#members) member.inspect(time);
    this.#sender.sweep(time);
    const lag = Math.max(0, this.#lag.max / 1e6 - LAG_RESOLUTION);
    this.#lag.reset();
    const connected = this.#members.reduce((sum, { isReady }) => sum + (isReady ? 1 : 0), 0);
    const { worker } = this.#assignment;
    return { type: 'tick', worker, connected, backlog: this.#sender.backlog, lag, ...this.#tally.take() };
  }

  async settle(patience: number): Promise<News> {
    const deadline = now() + patience;
    while (this.#sender.open > 0 && now() < deadline) await pause(POLL);
    const ledgers = [...this.#ledgers.values()];
    return {
      type: 'settled',
      acked: new Map(ledgers.map(({ room, acked }) => [room, acked.pack()])),
      nothing: new Map(ledgers.map(({ room, nothing }) => [room, nothing])),
      open: this.#sender.open,
    };
  }

  async judge(packed: ReadonlyMap<string, PackedBits>, patience: number): Promise<News> {
    const acked = new Map([...packed].map(([room, bits]) => [room, SeqBits.from(bits)]));
    const since = now();
    while (!this.#members.every((member) => hasAll(member, acked)) && now() < since + patience)
      await pause(POLL);
    for (const member of this.#members) missing(member, acked, this.#findings);
    return {
      type: 'judged',
      found: this.#findings.told(),
      views: this.#members.reduce((sum, { places }) => sum + [...places].length, 0),
      away: this.#members.filter(({ isReady }) => !isReady).length,
      tookMs: now() - since,
    };
  }

  stop(): void {
    this.#opener.stop();
    this.#sender.stop();
    for (const member of this.#members) member.cut();
  }

  #makeLedgers(): void {
    const { rooms, laneCount } = this.#assignment;
    const lastOf = new Int32Array(laneCount);
    const each = WINDOW_TOTAL / Math.max(1, rooms.length);
    const window = Math.min(WINDOW_MAX, Math.max(WINDOW_MIN, 2 ** Math.floor(Math.log2(each))));
    for (const room of rooms)
      this.#ledgers.set(keyOf(room), new RoomLedger(room, window, lastOf, this.#findings));
  }

  #makeMembers(token: (user: number) => string): readonly Member[] {
    const { seats, lanes, run, roomsOf } = this.#assignment;
    const deps: MemberDeps = {
      run,
      reader: new MessageReader(run),
      tally: this.#tally,
      ledgers: this.#ledgers,
      roomsOf: (user) => roomsOf.get(user) ?? [],
      token,
      connect: (seat) => this.#connect(seat),
      onReady: (member) => this.#sender.ready(member),
      onAnswer: (frame) => this.#sender.answer(frame),
      onDown: (member, wait) => this.#opener.again(member, wait),
      onExpired: (user) => this.#tell({ type: 'expired', user }),
      onMissing: (member, place, to) => void this.#logReader.read(member, place, to),
    };
    const members = new Map(seats.map((seat) => [seat.index, new Member(seat, deps)]));
    for (const { lane, seat, room } of lanes) {
      const member = members.get(seat);
      if (member === undefined) continue;
      const made = new Lane(lane, room, member);
      member.lanes.push(made);
      this.#lanes.set(lane, made);
    }
    return [...members.values()];
  }

  #connect({ localAddress }: Seat): Promise<RawSocket> {
    const { url, address } = this.#assignment;
    return connectRaw({
      url: new URL(SOCKET_PATH, url),
      address,
      localAddress,
      protocols: [SUBPROTOCOL],
      trust: this.#trust,
      readBuffer: this.#readBuffer,
      timeoutMs: CONNECT_TIMEOUT,
    });
  }
}
