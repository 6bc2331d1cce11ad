/** Two sums of 32 bits each: lists that differ by accident have the same with a chance of one in 2^64. */
const SEEDS = [0x243f6a88, 0x85a308d3] as const;

/**
 * What two sides compare instead of a room list: the same for the same rows, in whatever order they come. It is computed
 * from what is held, so that it cannot tell of anything else.
 */
export class ListDigest {
  #first = 0;
  #second = 0;

  add(room: string, readSeq: number, v: number, members: number): void {
    let [first, second] = SEEDS as readonly [number, number];
    for (let i = 0; i < room.length; i++) {
      const unit = room.charCodeAt(i);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul(second ^ unit, 0x85ebca6b);
    }
    first = mix(mix(mix(first, readSeq), v), members);
    second = mix(mix(mix(second, members), readSeq), v);
    this.#first = (this.#first + first) | 0;
    this.#second = (this.#second + second) | 0;
  }

  /** 16 hex digits. */
  toString(): string {
    return hex(this.#first) + hex(this.#second);
  }
}

/** A round of MurmurHash3 for each half of a number, so that all its bits count. */
function mix(hash: number, value: number): number {
  return round(round(hash, value | 0), Math.floor(value / 2 ** 32) | 0);
}

function round(hash: number, word: number): number {
  let k = Math.imul(word ^ (word >>> 16), 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  let h = hash ^ k;
  h = (h << 13) | (h >>> 19);
  h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
