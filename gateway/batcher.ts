import { ParleyError } from '../shared/node/errors.ts';

export interface BatcherOptions<I, O> {
  /** Does a batch: one result per item, in order. */
  readonly run: (items: readonly I[]) => Promise<readonly O[]>;
  /** Weight of all items in one batch; a heavier single item goes alone. */
  readonly maxWeight: number;
  readonly weigh?: (item: I) => number;
  readonly maxInFlight: number;
  /** Items waiting; more are refused with `overloaded`. */
  readonly maxQueued: number;
}

interface Waiting<I, O> {
  readonly item: I;
  readonly resolve: (result: O) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers single calls into batches: one call alone leaves in the same turn, what comes while a few are under way goes together. */
export class Batcher<I, O> {
  readonly #options: BatcherOptions<I, O>;
  #queue: Waiting<I, O>[] = [];
  #inFlight = 0;
  #isScheduled = false;

  constructor(options: BatcherOptions<I, O>) {
    this.#options = options;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Rejects with what the batch rejected with, or `overloaded` when too many wait. */
  call(item: I): Promise<O> {
    if (this.#queue.length >= this.#options.maxQueued) {
      return Promise.reject(new ParleyError('overloaded', 'Too much is waiting.', { retryAfterMs: 1_000 }));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#queue.length === 0 || this.#inFlight >= this.#options.maxInFlight) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#inFlight++;
    this.#schedule();
    try {
      const results = await this.#options.run(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => {
        const result = results[index];
        if (result === undefined) waiting.reject(new ParleyError('unavailable', 'No answer.'));
        else waiting.resolve(result);
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
    this.#inFlight--;
    this.#schedule();
  }

  #take(): Waiting<I, O>[] {
    const weigh = this.#options.weigh ?? (() => 1);
    let weight = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      weight += weigh(waiting.item);
      if (count > 0 && weight > this.#options.maxWeight) break;
      count++;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return batch;
  }
}
