import type { Time } from '../../api/services/log/time.ts';

/** Time that passes when a test says so. */
export class VirtualTime implements Time {
  #now = 0;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  random(): number {
    return 0.5;
  }

  /** Runs what falls due, one after the other, and what it leads to. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
    await settle();
  }

  /** The process stands still: nothing runs until it is over. */
  standStill(ms: number): void {
    this.#now += ms;
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
