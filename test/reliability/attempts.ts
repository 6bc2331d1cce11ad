import { spread, type Spread } from './figures.ts';
import type { Attempt } from './lane.ts';

/** How sends were answered, from all lanes. */
export class Attempts {
  readonly #all: Attempt[] = [];

  readonly add = (attempt: Attempt): void => void this.#all.push(attempt);

  /** ms from the first attempt of each message to its acknowledgement. */
  get untilAcked(): Spread {
    return spread(
      this.#all.flatMap(({ firstAt, answeredAt, answer }) =>
        answer.kind === 'ack' ? [answeredAt - firstAt] : [],
      ),
    );
  }

  /** Those that ended between two times. */
  between(from: number, to: number): readonly Attempt[] {
    return this.#all.filter(({ answeredAt }) => answeredAt >= from && answeredAt < to);
  }

  /** How many ended in each way: `ack`, an error's code, or `none`. */
  static tally(attempts: readonly Attempt[]): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { answer } of attempts) {
      const name = answer.kind === 'error' ? answer.code : answer.kind;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  get tally(): Readonly<Record<string, number>> {
    return Attempts.tally(this.#all);
  }
}
