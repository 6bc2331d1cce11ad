import { SeqBits } from './seq-bits.ts';
import type { Findings } from './findings.ts';

/** In place of a lane: a message that is none of this run's, and a number that is no message. */
export const FOREIGN = -1;
export const NOTHING = -2;

/** Numbers without a message that are kept per room: voids, changes, what the log did not list. */
const MAX_NOTHING = 10_000;

/**
 * What the sockets of one process were shown in one room, merged by seq: the same to each of them, each lane's messages
 * once and in order. Keeps a window of the latest numbers; what is older was judged when it left.
 */
export class RoomLedger {
  readonly room: string;
  /** What was acknowledged to lanes of this process. */
  readonly acked = new SeqBits();
  readonly #nothing = new Set<number>();
  readonly #findings: Findings;
  /** The last `n` in order, by lane: one array for all rooms, since a lane sends to one room. */
  readonly #lastOf: Int32Array;
  readonly #mask: number;
  readonly #seqs: Float64Array;
  readonly #lanes: Int32Array;
  readonly #ns: Int32Array;
  /** The number to be put in order next; 0 before `begin`. */
  #next = 0;

  /** `window` must be a power of two. */
  constructor(room: string, window: number, lastOf: Int32Array, findings: Findings) {
    this.room = room;
    this.#findings = findings;
    this.#lastOf = lastOf;
    this.#mask = window - 1;
    this.#seqs = new Float64Array(window);
    this.#lanes = new Int32Array(window);
    this.#ns = new Int32Array(window);
  }

  /** Numbers that turned out to be no message. */
  get nothing(): readonly number[] {
    return [...this.#nothing];
  }

  /** The first socket starts at this head. */
  begin(head: number): void {
    if (this.#next === 0) this.#next = head + 1;
  }

  /** A socket was shown this under `seq`, or an ack named it. */
  shown(seq: number, lane: number, n: number): void {
    const slot = seq & this.#mask;
    const held = this.#seqs[slot] ?? 0;
    if (held === seq) {
      if (this.#lanes[slot] !== lane || (lane >= 0 && this.#ns[slot] !== n))
        this.#conflict(seq, slot, lane, n);
      return;
    }
    if (held > seq || seq < this.#next) return;
    if (seq > this.#next + this.#mask) this.#skipTo(seq - this.#mask);
    this.#seqs[slot] = seq;
    this.#lanes[slot] = lane;
    this.#ns[slot] = n;
    if (lane === NOTHING) this.#noteNothing(seq);
    this.#order();
  }

  #noteNothing(seq: number): void {
    if (this.#nothing.size < MAX_NOTHING) this.#nothing.add(seq);
    else this.#findings.unjudged(1);
  }

  /** Puts in order what is there without a hole. */
  #order(): void {
    for (
      let slot = this.#next & this.#mask;
      this.#seqs[slot] === this.#next;
      slot = this.#next & this.#mask
    ) {
      const lane = this.#lanes[slot] ?? FOREIGN;
      const n = this.#ns[slot] ?? 0;
      if (lane >= 0) {
        if (n <= (this.#lastOf[lane] ?? 0)) this.#backwards(this.#next, lane, n);
        else this.#lastOf[lane] = n;
      }
      this.#next += 1;
    }
  }

  /** A hole stayed open for longer than the window is: what lies behind it is not judged for order. */
  #skipTo(seq: number): void {
    this.#findings.unjudged(seq - this.#next);
    this.#next = seq;
    this.#order();
  }

  #backwards(seq: number, lane: number, n: number): void {
    const first = this.#find(lane, n, seq);
    const what = `${this.room} lane ${lane} message ${n}`;
    if (first === undefined)
      this.#findings.add('disordered', `${what} stands at ${seq}, behind message ${this.#lastOf[lane] ?? 0}`);
    else this.#findings.add('duplicated', `${what} stands at ${first} and at ${seq}`);
  }

  #find(lane: number, n: number, below: number): number | undefined {
    for (let slot = 0; slot <= this.#mask; slot++) {
      const seq = this.#seqs[slot] ?? 0;
      if (seq > 0 && seq < below && this.#lanes[slot] === lane && this.#ns[slot] === n) return seq;
    }
    return undefined;
  }

  #conflict(seq: number, slot: number, lane: number, n: number): void {
    const before = told(this.#lanes[slot] ?? FOREIGN, this.#ns[slot] ?? 0);
    this.#findings.add(
      'contradicted',
      `${this.room} ${seq} was ${before} to one, ${told(lane, n)} to another`,
    );
  }
}

const told = (lane: number, n: number): string =>
  lane === NOTHING ? 'nothing' : lane === FOREIGN ? "another's message" : `lane ${lane} message ${n}`;
