import type { Hit, Place, SearchFilter, SearchMarks, SearchRow, SearchStore, WaitingRoom } from './search.ts';

/** The search store's memory twin, for unit tests. */
export class MemorySearchStore implements SearchStore {
  readonly #rows = new Map<string, SearchRow>();

  async put(rows: readonly SearchRow[]): Promise<void> {
    for (const row of rows) {
      const known = this.#rows.get(row.id);
      if (known === undefined || known.rev < row.rev) this.#rows.set(row.id, row);
    }
  }

  async find(filter: SearchFilter, limit: number): Promise<readonly Hit[]> {
    return [...this.#rows.values()]
      .filter((row) => isMatch(row, filter))
      .sort((a, b) => (isBehind(a, b) ? 1 : -1))
      .slice(0, limit)
      .map(({ id, room, seq, at }) => ({ id, room, seq, at }));
  }

  async count(rooms: readonly string[], term: string, most: number): Promise<number> {
    const found = await this.find({ rooms, all: [term], none: [], has: [] }, most);
    return found.length;
  }

  async deleteRoom(room: string): Promise<void> {
    for (const row of [...this.#rows.values()]) if (row.room === room) this.#rows.delete(row.id);
  }
}

/** The marks' memory twin; `raise` is what raising a room's hint does to them. */
export class MemorySearchMarks implements SearchMarks {
  readonly #rooms = new Map<string, { lastSeq: number; indexedSeq?: number; since?: Date }>();

  /** Without `now` as an older version did, which knew no marks. */
  raise(room: string, lastSeq: number, now?: Date): void {
    const known = this.#rooms.get(room) ?? { lastSeq: 0 };
    const since = known.since ?? now;
    this.#rooms.set(room, { ...known, lastSeq, ...(since === undefined ? {} : { since }) });
  }

  forget(room: string): void {
    this.#rooms.delete(room);
  }

  async waiting(limit: number): Promise<readonly WaitingRoom[]> {
    return [...this.#rooms]
      .flatMap(([room, { lastSeq: to, indexedSeq: after = 0, since }]) =>
        since === undefined ? [] : [{ room, after, to, since }],
      )
      .sort((a, b) => a.since.getTime() - b.since.getTime())
      .slice(0, limit);
  }

  async advance(reached: ReadonlyMap<string, number>, now: Date): Promise<readonly string[]> {
    const gone: string[] = [];
    for (const [room, to] of reached) {
      const known = this.#rooms.get(room);
      if (known === undefined) {
        gone.push(room);
        continue;
      }
      const { lastSeq } = known;
      const indexedSeq = Math.max(known.indexedSeq ?? 0, to);
      this.#rooms.set(room, { lastSeq, indexedSeq, ...(lastSeq > to ? { since: now } : {}) });
    }
    return gone;
  }

  async enrol(limit: number, now: Date): Promise<number> {
    const unmarked = [...this.#rooms]
      .filter(([, { lastSeq, indexedSeq = 0, since }]) => lastSeq > indexedSeq && since === undefined)
      .slice(0, limit);
    for (const [room, known] of unmarked) this.#rooms.set(room, { ...known, since: now });
    return unmarked.length;
  }
}

function isMatch(row: SearchRow, filter: SearchFilter): boolean {
  const { rooms, all, any, beginning, none, sender, after, before, has, behind } = filter;
  return (
    rooms.includes(row.room) &&
    all.every((word) => row.words.includes(word)) &&
    (any === undefined || any.some((word) => row.words.includes(word))) &&
    (beginning === undefined || row.words.some((word) => word.startsWith(beginning))) &&
    !none.some((word) => row.words.includes(word)) &&
    (sender === undefined || row.sender === sender) &&
    (after === undefined || row.at >= after) &&
    (before === undefined || row.at < before) &&
    has.every((feature) => row.has.includes(feature)) &&
    (behind === undefined || isBehind(row, behind))
  );
}

/** Older, or of the same moment with a lower id. */
function isBehind(row: Place, place: Place): boolean {
  const apart = row.at.getTime() - place.at.getTime();
  return apart === 0 ? row.id < place.id : apart < 0;
}
