/** Bytes of a file from `start` to before `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Overwrites parts of a stream that were named before they come. */
export class Blotter {
  /** Ascending, apart from each other. */
  #ranges: readonly Range[] = [];
  /** How many of them are over. */
  #passed = 0;

  add(ranges: readonly Range[]): void {
    const all = [...this.#ranges.slice(this.#passed), ...ranges].sort((a, b) => a.start - b.start);
    const merged: Range[] = [];
    for (const range of all) {
      const last = merged.at(-1);
      if (last === undefined || last.end < range.start) merged.push(range);
      else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    }
    [this.#ranges, this.#passed] = [merged, 0];
  }

  /** `bytes`, which stand at `at` in the file and behind those before, with nothing in what is to be overwritten. */
  over(bytes: Buffer, at: number): Buffer {
    const end = at + bytes.length;
    let clean = bytes;
    for (
      let range = this.#next(at);
      range !== undefined && range.start < end;
      range = this.#next(range.end)
    ) {
      if (clean === bytes) clean = Buffer.from(bytes);
      clean.fill(0, Math.max(range.start, at) - at, Math.min(range.end, end) - at);
      if (range.end > end) break;
    }
    return clean;
  }

  /** The first that ends behind `at`. */
  #next(at: number): Range | undefined {
    while ((this.#ranges[this.#passed]?.end ?? Infinity) <= at) this.#passed++;
    return this.#ranges[this.#passed];
  }
}
