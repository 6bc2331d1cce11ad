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
  /** Weight of all that wait; without a limit where absent. */
  readonly maxQueuedWeight?: number;
  /** ms an item may wait for its batch before it is refused with `overloaded`; as long as it takes where absent. */
  readonly maxWaitMs?: number;
  /** Hears how many items each batch has. */
  readonly onBatch?: (items: number) => void;
}

/** ms between looks for items that have waited too long. */
const EXPIRY = 50;

interface Waiting<I, O> {
  readonly item: I;
  readonly weight: number;
  /** Monotonic ms. */
  readonly since: number;
  readonly resolve: (result: O) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers single calls into batches: one call alone leaves in the same turn, what comes while a few are under way goes together. */
export class Batcher<I, O> {
  readonly #options: BatcherOptions<I, O>;
  #queue: Waiting<I, O>[] = [];
  #weight = 0;
  #inFlight = 0;
  #isScheduled = false;
  #isExpiring = false;

  constructor(options: BatcherOptions<I, O>) {
    this.#options = options;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** ms the oldest that still waits has waited. */
  get age(): number {
    const [oldest] = this.#queue;
    return oldest === undefined ? 0 : performance.now() - oldest.since;
  }

  /** Batches under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Rejects with what the batch rejected with, or `overloaded` when too many wait, or it waited too long itself. */
  call(item: I): Promise<O> {
    const { maxQueued, maxQueuedWeight = Infinity, maxWaitMs = Infinity, weigh } = this.#options;
    const weight = weigh === undefined ? 1 : weigh(item);
    const isFull = this.#queue.length >= maxQueued || this.#weight + weight > maxQueuedWeight;
    if (isFull || this.age > maxWaitMs) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, weight, since: performance.now(), resolve, reject });
      this.#weight += weight;
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#queue.length === 0) return;
    if (this.#inFlight >= this.#options.maxInFlight) return this.#expireLater();
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
    this.#options.onBatch?.(batch.length);
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
    let weight = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      if (count > 0 && weight + waiting.weight > this.#options.maxWeight) break;
      weight += waiting.weight;
      count++;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    this.#weight -= weight;
    return batch;
  }

  /** All batches are under way: who still waits when its time is over is refused, which is surely not too late. */
  #expireLater(): void {
    const { maxWaitMs } = this.#options;
    if (maxWaitMs === undefined || this.#isExpiring || this.#queue.length === 0) return;
    this.#isExpiring = true;
    setTimeout(() => {
      this.#isExpiring = false;
      const before = performance.now() - maxWaitMs;
      // In the order of their coming.
      const young = this.#queue.findIndex(({ since }) => since > before);
      for (const late of this.#queue.splice(0, young === -1 ? this.#queue.length : young)) {
        this.#weight -= late.weight;
        late.reject(overloaded());
      }
      this.#expireLater();
    }, EXPIRY).unref();
  }
}

const overloaded = (): ParleyError =>
  new ParleyError('overloaded', 'Too much is waiting.', { retryAfterMs: 1_000 });
