import type { Time } from './time.ts';

/** ms in which whoever wrote to a room writes its hint, too. */
const PATIENCE = 3_000;
/** Rooms remembered; of others the next read or send tells again. */
const MAX_ROOMS = 10_000;

/**
 * Rooms whose log was seen to be ahead of their hint. Normally their writer is about to raise that; where it died first,
 * whoever read the room does it.
 */
export class HintWatch {
  readonly #rooms = new Map<string, { seq: number; readonly at: number }>();
  readonly #time: Pick<Time, 'now'>;

  constructor(time: Pick<Time, 'now'>) {
    this.#time = time;
  }

  /** The room's log reaches `seq`. */
  saw(room: string, seq: number): void {
    const known = this.#rooms.get(room);
    if (known !== undefined || this.#rooms.size >= MAX_ROOMS) return;
    this.#rooms.set(room, { seq, at: this.#time.now() });
  }

  /** The room's hint is now at least `seq`. */
  raised(room: string, seq: number): void {
    if ((this.#rooms.get(room)?.seq ?? Infinity) <= seq) this.#rooms.delete(room);
  }

  forget(room: string): void {
    this.#rooms.delete(room);
  }

  /** Takes out the first `limit` that have waited long enough, with how far they were seen to reach. */
  take(limit: number): ReadonlyMap<string, number> {
    const due = new Map<string, number>();
    const before = this.#time.now() - PATIENCE;
    for (const [room, { seq, at }] of this.#rooms) {
      if (due.size >= limit || at > before) break;
      due.set(room, seq);
      this.#rooms.delete(room);
    }
    return due;
  }
}
