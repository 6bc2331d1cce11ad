import type { Keyed } from './keyed.ts';

/** px of a row before any was measured. */
const FIRST_GUESS = 56;
/** Rows measured before their mean becomes the guess for the others, for good: a guess that moves moves the list. */
const SAMPLE = 20;
/** Heights kept of rows that are not in the list any more. */
const SPARE = 5_000;

/** How high rows are, as far as they were measured; of the others a guess. */
export class RowHeights {
  readonly #known = new Map<string, number>();
  #guess = FIRST_GUESS;

  of(row: Keyed | undefined): number {
    return row === undefined ? 0 : (this.#known.get(row.key) ?? this.#guess);
  }

  note(key: string, height: number): void {
    this.#known.set(key, height);
    if (this.#known.size !== SAMPLE) return;
    const sum = [...this.#known.values()].reduce((total, one) => total + one, 0);
    this.#guess = sum / SAMPLE;
  }

  /** px of the rows from `start` up to `end`. */
  sum(rows: readonly Keyed[], start: number, end: number): number {
    let sum = 0;
    for (let index = start; index < end; index += 1) sum += this.of(rows[index]);
    return sum;
  }

  /** Lets go of rows that left a list which is drawn for hours. */
  prune(rows: readonly Keyed[]): void {
    if (this.#known.size <= rows.length + SPARE) return;
    const kept = new Set(rows.map(({ key }) => key));
    for (const key of [...this.#known.keys()]) if (!kept.has(key)) this.#known.delete(key);
  }
}
