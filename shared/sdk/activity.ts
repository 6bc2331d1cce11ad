import type { ReadyFrame } from '../wire/protocol.ts';
import type { Message } from '../wire/rest.ts';

interface Place {
  readonly count: number;
  /** Tells apart what has the same count; '' where the count says all. */
  readonly at: string;
}
const NEVER: Place = { count: -Infinity, at: '' };

/**
 * Which of one's rooms was active when, by a count of its own: no clock of this device orders anything. What was missed
 * while away comes room by room, not in the order in which it was said: of that the server's time decides, as in its list.
 */
export class Activity {
  readonly #places = new Map<string, Place>();
  #clock = 0;
  /** The count when the list was last asked for. */
  #asked = 0;
  /** The count of all that was missed before the last `ready`, and where the rooms stood then. */
  #returned = 0;
  #heads: ReadyFrame['rooms'] = {};

  /** Something happened in the room now. */
  touch(room: string): void {
    this.#clock += 1;
    this.#places.set(room, { count: this.#clock, at: '' });
  }

  /** Connected again: what stands in the rooms now and is not here was missed, and is older than all that happens from here on. */
  resume(heads: ReadyFrame['rooms']): void {
    this.#clock += 1;
    this.#returned = this.#clock;
    this.#heads = heads;
  }

  /** A room's last message is this one now: it was missed, or has just been said. */
  said(room: string, last?: Pick<Message, 'seq' | 'at'>): void {
    const { seq, at } = last ?? { seq: 0, at: '' };
    if (seq > (this.#heads[room]?.[0] ?? -1)) this.touch(room);
    else if (this.#of(room).count <= this.#returned) this.#places.set(room, { count: this.#returned, at });
  }

  /** The server's list is asked for: what happens from here on is newer than its order. */
  ask(): void {
    this.#asked = this.#clock;
  }

  /** The server's order, latest first. What was active while it was on its way stays above it. */
  adopt(rooms: readonly string[]): void {
    for (const [index, room] of rooms.entries()) {
      if (this.#of(room).count > this.#asked) continue;
      this.#places.set(room, { count: this.#asked - (index + 1) / (rooms.length + 1), at: '' });
    }
  }

  forget(room: string): void {
    this.#places.delete(room);
  }

  clear(): void {
    this.#heads = {};
    this.#places.clear();
  }

  /** For sorting: the latest active first. */
  compare(a: string, b: string): number {
    const [one, other] = [this.#of(a), this.#of(b)];
    if (one.count !== other.count) return other.count - one.count;
    return one.at === other.at ? 0 : one.at < other.at ? 1 : -1;
  }

  #of(room: string): Place {
    return this.#places.get(room) ?? NEVER;
  }
}
