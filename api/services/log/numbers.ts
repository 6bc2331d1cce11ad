import type { Logger } from '../../../shared/node/logger.ts';
import type { LogStore } from '../../store/log.ts';
import type { Counter } from './counter.ts';

export interface NumberRequest {
  readonly room: string;
  /** The number must stand behind this one, if anything does. */
  readonly after: number | undefined;
}
export interface Assigned {
  /** One per request, in order, unique within the room as far as the counter knows. */
  readonly seqs: readonly number[];
  /** Numbers taken that cannot be used: the caller voids them. */
  readonly wasted: readonly { readonly room: string; readonly seq: number }[];
}

/** Rooms whose highest number is known while the counter is away; beyond that the store is asked each time. */
const MAX_KNOWN = 10_000;

/** Hands out numbers: by the counter, seeded where it is missing; by the store alone while Redis is away. */
export class Numbers {
  readonly #counter: Counter;
  readonly #store: LogStore;
  readonly #logger: Logger;
  /** While the counter is away: the highest number of each room that this node gave out or found stored. */
  readonly #known = new Map<string, number>();
  #isAway = false;

  constructor(deps: { readonly counter: Counter; readonly store: LogStore; readonly logger: Logger }) {
    this.#counter = deps.counter;
    this.#store = deps.store;
    this.#logger = deps.logger;
  }

  /** Numbers for all requests, one round trip where every counter exists. Rejects only if the store is away when it is needed. */
  async assign(requests: readonly NumberRequest[]): Promise<Assigned> {
    const rooms = new Map<string, number[]>();
    for (const [i, { room }] of requests.entries()) {
      const list = rooms.get(room);
      if (list === undefined) rooms.set(room, [i]);
      else list.push(i);
    }
    const firsts = await this.#take([...rooms].map(([room, list]) => ({ room, count: list.length })));
    const seqs = new Array<number>(requests.length).fill(0);
    const wasted: { room: string; seq: number }[] = [];
    for (const [room, list] of rooms) {
      const first = firsts.get(room) ?? 1;
      for (const [n, i] of list.entries()) seqs[i] = first + n;
    }
    for (const [i, { room, after }] of requests.entries()) {
      const seq = seqs[i] ?? 0;
      if (after === undefined || seq > after) continue;
      const highest = await this.raiseToStored(room);
      // Nothing stands that high: such an `after` is ignored.
      if (highest < after) continue;
      wasted.push({ room, seq });
      const next = (await this.#take([{ room, count: 1 }])).get(room) ?? 0;
      if (next > after) {
        seqs[i] = next;
        continue;
      }
      // The counter stepped back once more; the store's own next number is judged like any other.
      wasted.push({ room, seq: next });
      seqs[i] = highest + 1;
    }
    return { seqs, wasted };
  }

  /** After a number met the index: the counter had stepped back. Best effort, since the index judges anyway. */
  async raiseToStored(room: string): Promise<number> {
    const highest = await this.#store.highest(room);
    if (this.#isAway) this.#learn(room, highest);
    await this.#counter.raise(room, highest).catch((error: unknown) => this.#away(error));
    return highest;
  }

  async #take(requests: readonly { room: string; count: number }[]): Promise<Map<string, number>> {
    try {
      const firsts = await this.#takeFromCounter(requests);
      this.#back();
      return firsts;
    } catch (error) {
      this.#away(error);
      return this.#takeWithoutCounter(requests);
    }
  }

  /** Above what this node knows; the index judges, and who met it learns what others have written meanwhile. */
  async #takeWithoutCounter(
    requests: readonly { room: string; count: number }[],
  ): Promise<Map<string, number>> {
    const tops = await Promise.all(
      requests.map(({ room }) => this.#known.get(room) ?? this.#store.highest(room)),
    );
    const firsts = new Map<string, number>();
    for (const [i, { room, count }] of requests.entries()) {
      const first = Math.max(tops[i] ?? 0, this.#known.get(room) ?? 0) + 1;
      this.#learn(room, first + count - 1);
      firsts.set(room, first);
    }
    return firsts;
  }

  #learn(room: string, highest: number): void {
    const known = this.#known.get(room);
    if (known === undefined && this.#known.size >= MAX_KNOWN) return;
    this.#known.set(room, Math.max(known ?? 0, highest));
  }

  async #takeFromCounter(requests: readonly { room: string; count: number }[]): Promise<Map<string, number>> {
    const firsts = new Map<string, number>();
    let open = requests;
    // Once more after seeding; a counter that vanishes again in between is as good as an absent Redis.
    for (let round = 0; round < 3 && open.length > 0; round++) {
      if (round > 0)
        await Promise.all(
          open.map(async ({ room }) => this.#counter.raise(room, await this.#store.highest(room))),
        );
      const taken = await this.#counter.take(open);
      for (const [i, { room }] of open.entries()) {
        const first = taken[i];
        if (first !== undefined) firsts.set(room, first);
      }
      open = open.filter(({ room }) => !firsts.has(room));
    }
    if (open.length > 0) throw new Error('counters keep vanishing');
    return firsts;
  }

  /** Once per outage: it lasts for many batches. */
  #away(error: unknown): void {
    if (!this.#isAway) this.#logger.warn({ err: error }, 'no counter: numbers come from the store');
    this.#isAway = true;
  }

  #back(): void {
    if (this.#isAway) this.#logger.info('numbers come from the counter again');
    this.#isAway = false;
    this.#known.clear();
  }
}
