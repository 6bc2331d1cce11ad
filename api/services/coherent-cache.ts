import { LRUCache } from 'lru-cache';

/** ms after which an entry expires by itself, should its invalidation have been lost. */
const MAX_AGE = 30_000;

/** Looks that were answered from the cache, and those that were not. */
export interface CacheReads {
  hits: number;
  misses: number;
}

/**
 * A bounded cache of what a store holds. A load fills it only while it is still its key's current load: one that began
 * before an invalidation is answered, but not kept. Callers that come meanwhile share one load.
 */
export class CoherentCache<V extends object> {
  readonly #values: LRUCache<string, V>;
  readonly #loading = new Map<string, Promise<V | undefined>>();
  readonly #reads: CacheReads = { hits: 0, misses: 0 };

  constructor(options: { readonly max: number; readonly maxAgeMs?: number }) {
    this.#values = new LRUCache({ max: options.max, ttl: options.maxAgeMs ?? MAX_AGE });
  }

  /** Since the start. */
  get reads(): Readonly<CacheReads> {
    return this.#reads;
  }

  /** Who finds nothing goes on with `get`, which counts the miss. */
  peek(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.#reads.hits += 1;
    return value;
  }

  async get(key: string, load: () => Promise<V>): Promise<V> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    this.#reads.misses += 1;
    return (await (this.#loading.get(key) ?? this.#track(key, load()))) ?? load();
  }

  /** Those of `keys` that exist, the missing ones loaded in one go. */
  async getMany(
    keys: readonly string[],
    load: (missing: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  ): Promise<Map<string, V>> {
    const found = new Map<string, V>();
    const waiting: [string, Promise<V | undefined>][] = [];
    const missing: string[] = [];
    for (const key of new Set(keys)) {
      const known = this.peek(key);
      if (known === undefined) this.#reads.misses += 1;
      const loading = this.#loading.get(key);
      if (known !== undefined) found.set(key, known);
      else if (loading !== undefined) waiting.push([key, loading]);
      else missing.push(key);
    }
    if (missing.length > 0) {
      const loaded = load(missing);
      for (const key of missing)
        waiting.push([
          key,
          this.#track(
            key,
            loaded.then((values) => values.get(key)),
          ),
        ]);
    }
    const values = await Promise.all(waiting.map(([, promise]) => promise));
    for (const [i, [key]] of waiting.entries()) {
      const value = values[i];
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  invalidate(key: string): void {
    this.#values.delete(key);
    this.#loading.delete(key);
  }

  clear(): void {
    this.#values.clear();
    this.#loading.clear();
  }

  #track(key: string, load: Promise<V | undefined>): Promise<V | undefined> {
    const tracked = load
      .then((value) => {
        if (value !== undefined && this.#loading.get(key) === tracked) this.#values.set(key, value);
        return value;
      })
      .finally(() => {
        if (this.#loading.get(key) === tracked) this.#loading.delete(key);
      });
    this.#loading.set(key, tracked);
    return tracked;
  }
}
