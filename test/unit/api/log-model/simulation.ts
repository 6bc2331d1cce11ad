/** Whose turn it is to run: a process can stand still (its timers and answers wait) or be dead (they never come). */
export interface Process {
  dead: boolean;
  pausedUntil: number;
}
interface Happening {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  readonly owner: Process | undefined;
  /** Timers that go on for ever: nobody waits for them. */
  readonly background: boolean;
  cancelled: boolean;
}

/** Virtual time: what happens, happens in the order of its time, one thing a step, each to its end. No real waiting. */
export class Simulation {
  now = 0;
  steps = 0;
  #order = 0;
  /** How many of the happenings somebody waits for. */
  #awaited = 0;
  /** A binary heap, earliest first. */
  readonly #heap: Happening[] = [];

  at(time: number, run: () => void, owner?: Process, background = false): () => void {
    const happening = { at: time, order: this.#order++, run, owner, background, cancelled: false };
    this.#push(happening);
    return () => {
      if (!happening.cancelled && !background) this.#awaited -= 1;
      happening.cancelled = true;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.now + ms, resolve));
  }

  /** What `promise` gives, or undefined after `ms`. Never rejects for the time. */
  async within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
    let cancel: () => void = () => undefined;
    const late = new Promise<undefined>((resolve) => {
      cancel = this.at(this.now + ms, () => resolve(undefined));
    });
    return Promise.race([promise, late]).finally(() => cancel());
  }

  /** Runs until `end`, or until nothing is left that somebody waits for. */
  async run(end: number, untilIdle = false): Promise<void> {
    for (;;) {
      // Whatever the last step set free runs to its next wait: one turn of the event loop empties all microtasks.
      await new Promise((resolve) => setImmediate(resolve));
      if (untilIdle && this.#awaited === 0) return;
      const next = this.#heap[0];
      if (next === undefined || next.at > end) break;
      this.#pop();
      this.#happen(next);
    }
    this.now = Math.max(this.now, end);
  }

  get isIdle(): boolean {
    return this.#awaited === 0;
  }

  #happen(next: Happening): void {
    if (next.cancelled) return;
    const { owner, run, background } = next;
    this.now = Math.max(this.now, next.at);
    if (!background) this.#awaited -= 1;
    next.cancelled = true;
    if (owner?.dead === true) return;
    if (owner !== undefined && owner.pausedUntil > this.now)
      return void this.at(owner.pausedUntil, run, owner, background);
    this.steps += 1;
    run();
  }

  #push(one: Happening): void {
    if (!one.background) this.#awaited += 1;
    const heap = this.#heap;
    let i = heap.length;
    heap.push(one);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (isBefore(heap[parent]!, one)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = one;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
  }
}

const isBefore = (a: Happening, b: Happening): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
