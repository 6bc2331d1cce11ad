import type { OutFrame } from './out-frame.ts';

/** Entries a room keeps at the most, and their bytes. */
const RING_ENTRIES = 512;
const RING_BYTES = 512 * 1024;

/** Bounds the bytes of all rings together: over it, the ring that moved least lately loses its oldest entries. */
export class RingBudget {
  readonly #limit: number;
  readonly #rings = new Set<Ring>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `ring` grew or shrank by `bytes`. */
  account(ring: Ring, bytes: number): void {
    this.#bytes += bytes;
    if (bytes <= 0) return;
    this.#rings.delete(ring);
    this.#rings.add(ring);
    for (const coldest of this.#rings) {
      if (this.#bytes <= this.#limit) return;
      while (this.#bytes > this.#limit && coldest.evictOldest());
      if (coldest.size === 0) this.#rings.delete(coldest);
    }
  }

  forget(ring: Ring): void {
    this.#rings.delete(ring);
  }
}

/** What was lately forwarded in one room, by seq. Covers a reader only where no number is missing. */
export class Ring {
  readonly #entries = new Map<number, OutFrame>();
  readonly #budget: RingBudget;
  #bytes = 0;
  #top = 0;

  constructor(budget: RingBudget) {
    this.#budget = budget;
  }

  /** The highest seq ever added, 0 before any. */
  get top(): number {
    return this.#top;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(seq: number): boolean {
    return this.#entries.has(seq);
  }

  add(seq: number, frame: OutFrame): void {
    if (this.#entries.has(seq)) return;
    this.#entries.set(seq, frame);
    this.#top = Math.max(this.#top, seq);
    this.#bytes += frame.wire.length;
    this.#budget.account(this, frame.wire.length);
    while (this.#entries.size > RING_ENTRIES || this.#bytes > RING_BYTES) this.evictOldest();
  }

  /** True only if every number in (have, head] is here. */
  covers(have: number, head: number): boolean {
    if (head - have > this.#entries.size) return false;
    for (let seq = have + 1; seq <= head; seq++) if (!this.#entries.has(seq)) return false;
    return true;
  }

  /** What is here of (have, to], ascending. */
  slice(have: number, to: number): OutFrame[] {
    if (to - have > this.#entries.size) {
      const found = [...this.#entries].filter(([seq]) => seq > have && seq <= to);
      return found.toSorted(([a], [b]) => a - b).map(([, frame]) => frame);
    }
    const frames: OutFrame[] = [];
    for (let seq = have + 1; seq <= to; seq++) {
      const frame = this.#entries.get(seq);
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }

  /** Drops the entry added first; false when there is none. */
  evictOldest(): boolean {
    const oldest = this.#entries.entries().next();
    if (oldest.done === true) return false;
    const [seq, frame] = oldest.value;
    this.#entries.delete(seq);
    this.#bytes -= frame.wire.length;
    this.#budget.account(this, -frame.wire.length);
    return true;
  }

  clear(): void {
    while (this.evictOldest());
    this.#budget.forget(this);
  }
}
