import type { RoomLedger } from '../check/room-ledger.ts';
import { View } from '../check/view.ts';

/** ms a hole below a number that was told may stay before the log is read. */
const HOLE_PATIENCE = 2_000;

/** One room of one socket: what it has of it, and what it was told there is. */
export class Place {
  readonly room: string;
  readonly ledger: RoomLedger;
  readonly view: View;
  /** Whether the log is being read for it. */
  isReading = false;
  #told: number;
  /** Since when `view.known` stays at `#stuckAt` while something is missing; 0 when nothing is. */
  #stuckSince = 0;
  #stuckAt = 0;

  constructor(room: string, ledger: RoomLedger, head: number) {
    this.room = room;
    this.ledger = ledger;
    this.view = new View(head);
    this.#told = head;
  }

  /** Whether something it was told of is not there yet. */
  get isBehind(): boolean {
    return this.view.known < this.#told;
  }

  /** A `ready`, `beat` or `gap` named this number. */
  tell(seq: number): void {
    this.#told = Math.max(this.#told, seq);
  }

  /** Up to where the log is to be read, when something has been missing for too long; `time` in ms. */
  stuck(time: number): number | undefined {
    const { view } = this;
    if (!view.hasHole && !this.isBehind) {
      this.#stuckSince = 0;
      return undefined;
    }
    if (this.#stuckSince === 0 || this.#stuckAt !== view.known) {
      this.#stuckSince = time;
      this.#stuckAt = view.known;
      return undefined;
    }
    if (time - this.#stuckSince <= HOLE_PATIENCE || this.isReading) return undefined;
    this.#stuckSince = time;
    return Math.max(this.#told, view.known + 1);
  }
}
