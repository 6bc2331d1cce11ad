import type { Breaker } from '../breaker.ts';
import type { Counter } from './counter.ts';

/** A counter that is not waited for while Redis hangs. */
export class GuardedCounter implements Counter {
  readonly #counter: Counter;
  readonly #breaker: Pick<Breaker, 'run'>;

  constructor(counter: Counter, breaker: Pick<Breaker, 'run'>) {
    this.#counter = counter;
    this.#breaker = breaker;
  }

  take(...args: Parameters<Counter['take']>): ReturnType<Counter['take']> {
    return this.#breaker.run(() => this.#counter.take(...args));
  }

  raise(...args: Parameters<Counter['raise']>): ReturnType<Counter['raise']> {
    return this.#breaker.run(() => this.#counter.raise(...args));
  }

  read(...args: Parameters<Counter['read']>): ReturnType<Counter['read']> {
    return this.#breaker.run(() => this.#counter.read(...args));
  }

  retire(...args: Parameters<Counter['retire']>): ReturnType<Counter['retire']> {
    return this.#breaker.run(() => this.#counter.retire(...args));
  }
}
