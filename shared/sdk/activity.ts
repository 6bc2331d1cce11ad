/** Which of one's rooms was active when, by a count of its own: no clock orders anything. */
export class Activity {
  readonly #at = new Map<string, number>();
  #clock = 0;
  /** The count when the list was last asked for. */
  #asked = 0;

  /** Something happened in the room now. */
  touch(room: string): void {
    this.#clock += 1;
    this.#at.set(room, this.#clock);
  }

  /** The server's list is asked for: what happens from here on is newer than its order. */
  ask(): void {
    this.#asked = this.#clock;
  }

  /** The server's order, latest first. What was active while it was on its way stays above it. */
  adopt(rooms: readonly string[]): void {
    for (const [index, room] of rooms.entries()) {
      if (this.#of(room) > this.#asked) continue;
      this.#at.set(room, this.#asked - (index + 1) / (rooms.length + 1));
    }
  }

  forget(room: string): void {
    this.#at.delete(room);
  }

  /** For sorting: the latest active first. */
  compare(a: string, b: string): number {
    return this.#of(b) - this.#of(a);
  }

  #of(room: string): number {
    return this.#at.get(room) ?? -Infinity;
  }
}
