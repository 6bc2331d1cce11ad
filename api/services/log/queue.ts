/** Entries that may wait; a longer queue only adds delay to a slow store. */
const MAX_ENTRIES = 5_000;
const MAX_BYTES = 16 * 1024 * 1024;
/** ms the oldest may have waited before new ones are refused: the store takes less than what comes. */
const MAX_AGE = 500;
/** ms after which one that still waits is taken out: what is left of a second is not enough for it to be stored. */
const MAX_WAIT = 650;

export interface Queued {
  readonly bytes: number;
  /** Monotonic ms. */
  readonly since: number;
  /** It must not be refused for its age. */
  readonly isPatient: boolean;
}

/** What waits to be stored, oldest first: bounded in number, bytes and time. */
export class AppendQueue<T extends Queued> {
  #items: T[] = [];
  #bytes = 0;

  get length(): number {
    return this.#items.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** ms. */
  age(now: number): number {
    const [oldest] = this.#items;
    return oldest === undefined ? 0 : now - oldest.since;
  }

  /** Why this one cannot be taken; undefined when it can. */
  refusal(item: Queued): 'queue' | 'age' | undefined {
    if (this.#items.length >= MAX_ENTRIES || this.#bytes + item.bytes > MAX_BYTES) return 'queue';
    return !item.isPatient && this.age(item.since) > MAX_AGE ? 'age' : undefined;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#bytes += item.bytes;
  }

  /** Once more, before all others. */
  unshift(item: T): void {
    this.#items.unshift(item);
    this.#bytes += item.bytes;
  }

  /** The next, at most `count` and `bytes`, but one at least. */
  take(count: number, bytes: number): T[] {
    let weight = 0;
    let n = 0;
    for (const item of this.#items) {
      weight += item.bytes;
      if (n >= count || (n > 0 && weight > bytes)) break;
      n += 1;
    }
    const batch = this.#items.splice(0, n);
    for (const item of batch) this.#bytes -= item.bytes;
    return batch;
  }

  /** Takes out all who have waited too long. */
  expire(now: number): T[] {
    if (this.age(now) <= MAX_WAIT) return [];
    const isLate = ({ isPatient, since }: T): boolean => !isPatient && now - since > MAX_WAIT;
    const late = this.#items.filter(isLate);
    this.#items = this.#items.filter((item) => !isLate(item));
    for (const item of late) this.#bytes -= item.bytes;
    return late;
  }
}
