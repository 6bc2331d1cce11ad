import type { OutFrame } from './out-frame.ts';
import type { Room } from './room.ts';
import type { User } from './user.ts';

/** Members served before the event loop gets a turn: about 10 ms. */
const CHUNK = 2_000;

interface Job {
  readonly room: Room;
  readonly users: readonly User[];
  readonly frames: readonly OutFrame[];
  /** Index of the next member. */
  next: number;
}

/**
 * Pushes a room's frames to its members. Small rooms at once; large ones in chunks with turns of the event loop between
 * them, one pass at a time per room so that order holds: what comes during a pass waits and goes together in the next.
 */
export class FanOut {
  readonly #waiting = new Map<Room, OutFrame[]>();
  readonly #onDelivered: (deliveries: number) => void;

  constructor(onDelivered: (deliveries: number) => void = () => undefined) {
    this.#onDelivered = onDelivered;
  }

  /** Whether some members have yet to get what the room's position already counts. */
  isBusy(room: Room): boolean {
    return this.#waiting.has(room);
  }

  deliver(room: Room, frame: OutFrame): void {
    const waiting = this.#waiting.get(room);
    if (waiting !== undefined) {
      waiting.push(frame);
    } else if (room.members.size > CHUNK) {
      this.#waiting.set(room, []);
      this.#chunk(this.#job(room, [frame]));
    } else {
      for (const user of room.members) user.push(frame);
      this.#onDelivered(room.members.size);
    }
  }

  #job(room: Room, frames: readonly OutFrame[]): Job {
    return { room, users: [...room.members], frames, next: 0 };
  }

  #chunk(job: Job): void {
    const end = Math.min(job.next + CHUNK, job.users.length);
    for (const user of job.users.slice(job.next, end)) {
      // Whoever was removed in the meantime gets nothing more of this room.
      if (job.room.members.has(user)) for (const frame of job.frames) user.push(frame);
    }
    this.#onDelivered((end - job.next) * job.frames.length);
    job.next = end;
    if (end < job.users.length) setImmediate(() => this.#chunk(job));
    else this.#finish(job.room);
  }

  #finish(room: Room): void {
    const waiting = this.#waiting.get(room) ?? [];
    if (waiting.length === 0) {
      this.#waiting.delete(room);
      return;
    }
    this.#waiting.set(room, []);
    setImmediate(() => this.#chunk(this.#job(room, waiting)));
  }
}
