import type { Flusher, Job } from './flusher.ts';
import type { OutFrame } from './out-frame.ts';
import type { Room } from './room.ts';
import type { User } from './user.ts';

/** Members given a room's frames between two looks at the clock. */
const MEMBERS_PER_LOOK = 64;

/** Members a room may have for its frames to be given out ahead of the flush. */
const SMALL = 2_000;
const never = (): boolean => false;

/**
 * Gives a room's frames to its members. What comes for a room until the next flush goes to each member at once; a large
 * room takes several turns of the event loop, and what comes for it meanwhile goes together in the next flush, so that
 * order holds.
 */
export class FanOut {
  readonly #flusher: Pick<Flusher, 'add'>;
  /** The latest spread of each room that has any; those before it end before it. */
  readonly #spreads = new Map<Room, Spread>();
  readonly #onDelivered: (deliveries: number) => void;

  constructor(flusher: Pick<Flusher, 'add'>, onDelivered: (deliveries: number) => void = () => undefined) {
    this.#flusher = flusher;
    this.#onDelivered = onDelivered;
  }

  /** Whether some members have yet to get what the room's position already counts. */
  isBusy(room: Room): boolean {
    return this.#spreads.has(room);
  }

  /**
   * Gives out at once what a small room has waiting. Before anybody enters it, and before anybody is told where it
   * stands: what that includes must not come behind it.
   */
  settle(room: Room): void {
    if (room.members.size <= SMALL) this.#spreads.get(room)?.work(never);
  }

  deliver(room: Room, frame: OutFrame): void {
    const gathering = this.#spreads.get(room);
    if (gathering?.add(frame) === true) return;
    const spread = new Spread(room, frame, (deliveries) => {
      if (this.#spreads.get(room) === spread) this.#spreads.delete(room);
      this.#onDelivered(deliveries);
    });
    this.#spreads.set(room, spread);
    this.#flusher.add(spread);
  }
}

/** Frames of one room on their way to all of its members. */
class Spread implements Job {
  readonly #room: Room;
  readonly #frames: OutFrame[];
  readonly #onEnd: (deliveries: number) => void;
  #bytes = 0;
  #served = 0;
  #isDone = false;
  /** A live view: who is removed meanwhile gets nothing more of the room. */
  #members: Iterator<User> | undefined;

  constructor(room: Room, frame: OutFrame, onEnd: (deliveries: number) => void) {
    this.#room = room;
    this.#frames = [frame];
    this.#onEnd = onEnd;
  }

  /** False once it is under way: some members have had theirs. */
  add(frame: OutFrame): boolean {
    if (this.#members !== undefined) return false;
    this.#frames.push(frame);
    return true;
  }

  work(isTimeUp: () => boolean): boolean {
    if (this.#isDone) return true;
    const members = this.#begin();
    for (let next = members.next(); next.done !== true; next = members.next()) {
      next.value.deliver(this.#frames, this.#bytes);
      this.#served++;
      if (this.#served % MEMBERS_PER_LOOK === 0 && isTimeUp()) return false;
    }
    this.#isDone = true;
    this.#onEnd(this.#served * this.#frames.length);
    return true;
  }

  #begin(): Iterator<User> {
    if (this.#members === undefined) {
      for (const frame of this.#frames) this.#bytes += frame.wire.length;
      this.#members = this.#room.members.values();
    }
    return this.#members;
  }
}
