import type { Observable } from './types.ts';

type Listener<T> = (value: T) => void;

/** Those who hear of a change. One that throws is reported to the platform and keeps no other from hearing. */
export class Listeners<T> {
  readonly #entries = new Set<{ readonly call: Listener<T> }>();

  get size(): number {
    return this.#entries.size;
  }

  add(call: Listener<T>): () => void {
    const entry = { call };
    this.#entries.add(entry);
    return () => this.#entries.delete(entry);
  }

  tell(value: T): void {
    for (const { call } of [...this.#entries]) {
      try {
        call(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** A value that is set; listeners hear at once. */
export class Value<T> implements Observable<T> {
  #value: T;
  readonly #listeners = new Listeners<T>();

  constructor(initial: T) {
    this.#value = initial;
  }

  get(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#listeners.tell(value);
  }

  /** True while somebody listens. */
  get observed(): boolean {
    return this.#listeners.size > 0;
  }

  subscribe(listener: Listener<T>): () => void {
    return this.#listeners.add(listener);
  }
}

/**
 * A value computed from others when it is asked for. However many `invalidate`s come in one turn, it is computed, and
 * its listeners hear, once. `compute` may give the value before to say that nothing changed.
 */
export class Derived<T> implements Observable<T> {
  readonly #compute: (before: T) => T;
  readonly #listeners = new Listeners<T>();
  #value: T;
  #told: T;
  #stale = true;
  #scheduled = false;

  constructor(initial: T, compute: (before: T) => T) {
    this.#value = initial;
    this.#told = initial;
    this.#compute = compute;
  }

  /** True while somebody listens. */
  get observed(): boolean {
    return this.#listeners.size > 0;
  }

  get(): T {
    if (this.#stale) {
      this.#stale = false;
      this.#value = this.#compute(this.#value);
    }
    return this.#value;
  }

  invalidate(): void {
    this.#stale = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const value = this.get();
      if (Object.is(value, this.#told)) return;
      this.#told = value;
      this.#listeners.tell(value);
    });
  }

  subscribe(listener: Listener<T>): () => void {
    return this.#listeners.add(listener);
  }
}
