import { each } from '../../../shared/node/each.ts';
import { ParleyError } from '../../../shared/node/errors.ts';
import type { Hit, Place, SearchFilter, SearchStore } from '../../store/search.ts';
import { rarestFirst } from './rarest.ts';
import { windowsOf } from './windows.ts';

/** Rooms one query asks about. */
const ROOMS_PER_QUERY = 1_000;
const CONCURRENCY = 2;

/** What one search asks of the index, from its newest hit on, perhaps in several looks. */
export class Asking {
  readonly #store: Pick<SearchStore, 'find' | 'count'>;
  /** The rarest term leads once they have been compared: later looks need not count again. */
  #filter: SearchFilter;
  readonly #deadline: number;
  /** Whether what the newest days hold was not enough. */
  #isPastRecent = false;

  /** `deadline`: monotonic ms. */
  constructor(store: Pick<SearchStore, 'find' | 'count'>, filter: SearchFilter, deadline: number) {
    this.#store = store;
    this.#filter = filter;
    this.#deadline = deadline;
  }

  /** The next `limit` hits, newest first; fewer at the end. Rejects `overloaded`. */
  async next(limit: number): Promise<readonly Hit[]> {
    const hits = await this.#look(limit);
    const behind: Place | undefined = hits.at(-1) ?? this.#filter.behind;
    this.#filter = { ...this.#filter, behind };
    return hits;
  }

  async #look(limit: number): Promise<readonly Hit[]> {
    if (this.#isPastRecent) return this.#query(this.#filter, limit);
    const [recent = this.#filter, older] = windowsOf(this.#filter, Date.now());
    const hits = await this.#query(recent, limit);
    if (older === undefined || hits.length >= limit) return hits;
    const { all } = await rarestFirst(this.#store, older, Math.max(1, this.#left()));
    this.#filter = { ...this.#filter, all };
    this.#isPastRecent = true;
    return [...hits, ...(await this.#query({ ...older, all }, limit - hits.length))];
  }

  async #query(filter: SearchFilter, limit: number): Promise<readonly Hit[]> {
    const chunks: SearchFilter[] = [];
    for (let i = 0; i < filter.rooms.length; i += ROOMS_PER_QUERY)
      chunks.push({ ...filter, rooms: filter.rooms.slice(i, i + ROOMS_PER_QUERY) });
    const found = await each(chunks, CONCURRENCY, async (chunk) => {
      const ms = this.#left();
      if (ms < 1) throw new ParleyError('overloaded', 'The search took too long.', { retryAfterMs: 5_000 });
      return this.#store.find(chunk, limit, ms);
    });
    return chunks.length < 2 ? found.flat() : found.flat().sort(newestFirst).slice(0, limit);
  }

  #left(): number {
    return Math.floor(this.#deadline - performance.now());
  }
}

const newestFirst = (a: Place, b: Place): number => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1);
