import type { Counter } from '../../../../api/services/log/counter.ts';
import type { History } from './history.ts';
import type { Link } from './link.ts';

/** One node's way to the shared counter. */
export class FaultyCounter implements Counter {
  readonly #counter: Counter;
  readonly #link: Link;
  readonly #history: History;

  constructor(counter: Counter, link: Link, history: History) {
    this.#counter = counter;
    this.#link = link;
    this.#history = history;
  }

  take(requests: readonly { readonly room: string; readonly count: number }[]) {
    return this.#link.redis('take', () => this.#counter.take(requests));
  }

  raise(room: string, value: number) {
    return this.#link.redis(`raise to ${value}`, async () => {
      const [before = 0] = await this.#counter.read([room]);
      await this.#counter.raise(room, value);
      const [after = 0] = await this.#counter.read([room]);
      if (after < before) this.#history.violate(`a counter was lowered from ${before} to ${after}`);
    });
  }

  read(rooms: readonly string[]) {
    return this.#link.redis('counter', () => this.#counter.read(rooms));
  }

  retire(room: string) {
    return this.#link.redis('retire', () => this.#counter.retire(room));
  }
}
