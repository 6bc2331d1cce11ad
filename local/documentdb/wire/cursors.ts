/** A result of which the client has not yet had all. */
export type Cursor = {
  readonly db: string;
  /** DocumentDB's own note of where it stands; goes back to it as it came. */
  readonly continuation: Buffer;
};

type Entry = Cursor & { readonly usedAt: number };

/** As long as MongoDB keeps a cursor that nobody asks. */
const IDLE_MS = 600_000;
const LIMIT = 1_000;

/**
 * The open cursors of all connections, since drivers ask for more over any of theirs. One is taken out to be read and
 * put back with its new position, so two readers never get the same page. The longest unused goes first.
 */
export class Cursors {
  readonly #open = new Map<string, Entry>();
  readonly #now: () => number;
  readonly #forget: (ids: readonly string[]) => void;

  /** `forget` is told the ids of cursors nobody will ask for again, `now` is a monotonic clock in ms. */
  constructor(forget: (ids: readonly string[]) => void, now: () => number = () => performance.now()) {
    this.#forget = forget;
    this.#now = now;
  }

  get size(): number {
    return this.#open.size;
  }

  put(id: string, cursor: Cursor): void {
    this.#open.set(id, { ...cursor, usedAt: this.#now() });
    this.sweep();
  }

  take(id: string): Cursor | undefined {
    const entry = this.#open.get(id);
    this.#open.delete(id);
    return entry;
  }

  /** Forgets the cursor; false when there is none. */
  kill(id: string): boolean {
    const known = this.#open.delete(id);
    if (known) this.#forget([id]);
    return known;
  }

  /** Forgets those unused for 10 minutes, and the longest unused above the limit. Oldest come first in the map. */
  sweep(): void {
    const gone: string[] = [];
    for (const [id, { usedAt }] of this.#open) {
      if (this.#open.size - gone.length <= LIMIT && this.#now() - usedAt < IDLE_MS) break;
      gone.push(id);
    }
    for (const id of gone) this.#open.delete(id);
    if (gone.length > 0) this.#forget(gone);
  }
}
