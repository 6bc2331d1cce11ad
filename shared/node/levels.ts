import type { Limit } from './limit.ts';

/** What buckets of the same name in several processes have left, together. */
export interface Levels {
  /**
   * Takes `taken` out of `key`'s; gives what is left then, below zero where the processes together took more than there was.
   * Rejects while nobody can tell.
   */
  draw(key: string, taken: number): Promise<number>;
}

/** The memory twin: for tests with several processes in one. */
export class MemoryLevels implements Levels {
  readonly #limit: Limit;
  readonly #now: () => number;
  readonly #levels = new Map<string, { left: number; at: number }>();

  constructor(limit: Limit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  async draw(key: string, taken: number): Promise<number> {
    const { points, seconds } = this.#limit;
    const at = this.#now();
    const was = this.#levels.get(key) ?? { left: points, at };
    const filled = Math.min(points, was.left + ((at - was.at) * points) / (seconds * 1_000));
    const left = Math.max(filled - taken, -points);
    this.#levels.set(key, { left, at });
    return left;
  }
}
