import type { OutFrame } from './out-frame.ts';
import { Ring, type RingBudget } from './ring.ts';
import type { User } from './user.ts';

/** Numbers remembered above a hole; beyond that a repeated frame may be forwarded twice, which readers bear. */
const AHEAD_LIMIT = 4_096;

/**
 * A room with local members: its position (up to which everything was forwarded since the first of them came), its
 * ring, and its members. A frame above a hole goes out at once; the position waits until the hole is filled.
 */
export class Room {
  readonly id: string;
  readonly members = new Set<User>();
  readonly ring: Ring;
  /** Highest version seen. */
  v = 0;
  /** The version that all members were told of; undefined until the first one was. */
  told: number | undefined;
  /** What its counter was at the last check that read it. */
  counter = 0;
  /** Tick of the clock at the last move of the position; for beats. */
  movedAt = 0;
  #start = 0;
  #position: number | undefined;
  #beat = '';
  #beatOf = -1;
  readonly #ahead = new Set<number>();

  constructor(id: string, budget: RingBudget) {
    this.id = id;
    this.ring = new Ring(budget);
  }

  /** undefined until the head was read for the first member. */
  get position(): number | undefined {
    return this.#position;
  }

  /** A piece of a beat: `"id":position`. Made once for each position that is told, however many sockets hear of it. */
  get beat(): string {
    const position = this.#position ?? 0;
    if (this.#beatOf !== position) {
      this.#beatOf = position;
      this.#beat = `${JSON.stringify(this.id)}:${position}`;
    }
    return this.#beat;
  }

  /** The highest number known here. */
  get top(): number {
    return Math.max(this.#position ?? 0, this.ring.top);
  }

  /** Sets the position where it is to start. Only the first call counts. */
  start(head: number): void {
    if (this.#position !== undefined) return;
    this.#start = head;
    this.#position = head;
    for (const seq of this.#ahead) if (seq <= head) this.#ahead.delete(seq);
    this.#advance();
  }

  /** Takes note of a log frame; false if it was forwarded before. */
  accept(seq: number, frame: OutFrame, now: number): boolean {
    const position = this.#position;
    // What was in flight when the head was read is below the start and was never forwarded.
    if (position !== undefined && seq <= this.#start) {
      this.ring.add(seq, frame);
      return true;
    }
    if ((position !== undefined && seq <= position) || this.#ahead.has(seq)) return false;
    this.ring.add(seq, frame);
    this.#remember(seq);
    if (this.#advance()) this.movedAt = now;
    return true;
  }

  #remember(seq: number): void {
    this.#ahead.add(seq);
    if (this.#ahead.size <= AHEAD_LIMIT) return;
    const [oldest] = this.#ahead;
    if (oldest !== undefined) this.#ahead.delete(oldest);
  }

  #advance(): boolean {
    let position = this.#position;
    if (position === undefined) return false;
    const before = position;
    while (this.#ahead.delete(position + 1)) position++;
    this.#position = position;
    return position !== before;
  }
}
