/**
 * The numbers handed out per room. The counter may run ahead of what is stored, step back or vanish with Redis: the
 * unique index judges, and a counter is only ever raised.
 */
export interface Counter {
  /** The first of `count` consecutive numbers per request; undefined where the room has no counter. Rejects when Redis is away. */
  take(
    requests: readonly { readonly room: string; readonly count: number }[],
  ): Promise<readonly (number | undefined)[]>;
  /** Makes the counter at least `value`, creating it. */
  raise(room: string, value: number): Promise<void>;
  read(rooms: readonly string[]): Promise<readonly (number | undefined)[]>;
  /** The room is gone: its counter ends by itself, once nobody can still be on the way with a number of it. */
  retire(room: string): Promise<void>;
}

/** The memory twin; `lost()` is what an emptied Redis looks like. */
export class MemoryCounter implements Counter {
  readonly values = new Map<string, number>();
  away = false;

  async take(
    requests: readonly { readonly room: string; readonly count: number }[],
  ): Promise<readonly (number | undefined)[]> {
    this.#reach();
    return requests.map(({ room, count }) => {
      const value = this.values.get(room);
      if (value === undefined) return undefined;
      this.values.set(room, value + count);
      return value + 1;
    });
  }

  async raise(room: string, value: number): Promise<void> {
    this.#reach();
    this.values.set(room, Math.max(value, this.values.get(room) ?? 0));
  }

  async read(rooms: readonly string[]): Promise<readonly (number | undefined)[]> {
    this.#reach();
    return rooms.map((room) => this.values.get(room));
  }

  async retire(room: string): Promise<void> {
    this.#reach();
    this.values.delete(room);
  }

  #reach(): void {
    if (this.away) throw new Error('the counter is away');
  }
}
