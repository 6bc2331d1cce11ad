import { nextFrame } from '../scroll/frame.ts';

/** ms after which what was to be seen first is not waited for any longer. */
const PATIENCE = 10_000;
/** ms after which a browser that is never idle does the rest all the same. */
const BUSY = 1_000;

/** Tells when what one came for is on the screen and the browser is idle: what may be wanted later is fetched from then on. */
export class Leisure {
  /** Settles once. */
  readonly come: Promise<void>;
  #begin: () => void = () => undefined;

  constructor() {
    this.come = new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE);
      this.#begin = () => {
        clearTimeout(timer);
        nextFrame(() => {
          whenIdle(resolve);
        });
      };
    });
  }

  /** What one came for is drawn. */
  begin(): void {
    this.#begin();
  }
}

/** Safari has no idle callbacks. */
function whenIdle(callback: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(callback, { timeout: BUSY });
  else setTimeout(callback, BUSY / 5);
}
