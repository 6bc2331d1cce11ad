import { createSubscriber } from 'svelte/reactivity';

/** Now, in ms since the epoch, moving on every `period` ms while somebody reads it. */
export class Clock {
  readonly #track: () => void;

  constructor(period: number) {
    this.#track = createSubscriber((update) => {
      const timer = setInterval(update, period);
      return () => {
        clearInterval(timer);
      };
    });
  }

  get now(): number {
    this.#track();
    return Date.now();
  }
}
