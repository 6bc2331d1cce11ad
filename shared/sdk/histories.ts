import type { SeqByRoom } from '../wire/protocol.ts';

/**
 * Tells which rooms the server was set back in, as by a backup. Asked for a room of which more is known here than its counter
 * says, a gateway asks the store: a head below that is one of an older history.
 */
export class Histories {
  /** Positions as the last `hello` told them. */
  #named: SeqByRoom = {};
  /** Heads as of the last visit, until the first `ready`. */
  readonly #kept = new Map<string, number>();

  keep(room: string, head: number): void {
    this.#kept.set(room, head);
  }

  name(positions: SeqByRoom): SeqByRoom {
    this.#named = positions;
    return positions;
  }

  isSetBack(room: string, head: number): boolean {
    return head < (this.#named[room] ?? this.#kept.get(room) ?? 0);
  }

  /** All rooms of a `ready` were judged. */
  end(): void {
    this.#named = {};
    this.#kept.clear();
  }
}
