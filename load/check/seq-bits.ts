const FIRST_BYTES = 64;

/** A set of a room's numbers above a base: one bit each, so that an hour's run fits. */
export class SeqBits {
  #base = -1;
  #bits = new Uint8Array(0);
  #count = 0;
  #max = 0;

  static from({ base, bits }: PackedBits): SeqBits {
    const set = new SeqBits();
    set.#base = base;
    set.#bits = Uint8Array.from(bits);
    for (const seq of set.all()) {
      set.#count += 1;
      set.#max = seq;
    }
    return set;
  }

  get count(): number {
    return this.#count;
  }
  /** The highest, 0 of an empty set. */
  get max(): number {
    return this.#max;
  }

  add(seq: number): void {
    if (this.#base === -1) this.#base = baseOf(seq);
    if (seq < this.#base) this.#moveDown(baseOf(seq));
    const at = (seq - this.#base) >>> 3;
    if (at >= this.#bits.length) this.#grow(at + 1);
    const bit = 1 << ((seq - this.#base) & 7);
    if (((this.#bits[at] ?? 0) & bit) !== 0) return;
    this.#bits[at] = (this.#bits[at] ?? 0) | bit;
    this.#count += 1;
    this.#max = Math.max(this.#max, seq);
  }

  has(seq: number): boolean {
    if (seq < this.#base || this.#base === -1) return false;
    return ((this.#bits[(seq - this.#base) >>> 3] ?? 0) & (1 << ((seq - this.#base) & 7))) !== 0;
  }

  /** Ascending, those above `above`. */
  *all(above = 0): Generator<number> {
    const from = Math.max(0, (above - this.#base) >> 3);
    for (let at = from; at < this.#bits.length; at++) {
      const byte = this.#bits[at] ?? 0;
      for (let bit = 0; byte >> bit > 0; bit++) {
        const seq = this.#base + at * 8 + bit;
        if (((byte >> bit) & 1) === 1 && seq > above) yield seq;
      }
    }
  }

  addAll(other: SeqBits): void {
    for (const seq of other.all()) this.add(seq);
  }

  pack(): PackedBits {
    return { base: this.#base, bits: this.#bits };
  }

  #grow(bytes: number): void {
    const bits = new Uint8Array(Math.max(FIRST_BYTES, bytes, this.#bits.length * 2));
    bits.set(this.#bits);
    this.#bits = bits;
  }

  #moveDown(base: number): void {
    const shift = (this.#base - base) >>> 3;
    const bits = new Uint8Array(this.#bits.length + shift);
    bits.set(this.#bits, shift);
    this.#bits = bits;
    this.#base = base;
  }
}

/** As it goes from process to process. */
export interface PackedBits {
  readonly base: number;
  readonly bits: Uint8Array;
}

const baseOf = (seq: number): number => seq - (seq % 8);
