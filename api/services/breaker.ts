import { unavailable } from '../../shared/node/errors.ts';
import type { Logger } from '../../shared/node/logger.ts';
import { realTime, type Time } from './log/time.ts';

/** ms a call may take: Redis answers in well under one. */
const LIMIT = 300;
/** ms by which a timer may be late before it says more of this process than of Redis. */
const SLACK = 100;
/** ms between probes of what does not answer. */
const PROBE_INTERVAL = 250;

/**
 * Keeps callers from waiting for a Redis that hangs: once a call has taken too long, all are refused at once until a
 * probe is answered. What was given up may still happen.
 */
export class Breaker {
  readonly #probe: () => Promise<unknown>;
  readonly #logger: Logger;
  readonly #time: Time;
  #isOpen = false;

  /** `probe` resolves when Redis answers, and rejects in its own time when it does not. */
  constructor(deps: {
    readonly probe: () => Promise<unknown>;
    readonly logger: Logger;
    readonly time?: Time;
  }) {
    this.#probe = deps.probe;
    this.#logger = deps.logger;
    this.#time = deps.time ?? realTime;
  }

  /** True while calls are refused. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What `work` gives or throws; rejects `unavailable` while open, and when it takes too long. One timer a call: for batches. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isOpen) return Promise.reject(unavailable('Redis'));
    return new Promise((resolve, reject) => {
      const due = this.#time.now() + LIMIT;
      const giveUp = (): void => {
        this.#open();
        reject(unavailable('Redis'));
      };
      let cancel = this.#time.after(LIMIT, () => {
        // After a standstill of this process the answer may be there already: it is heard first.
        if (this.#time.now() - due > SLACK) cancel = this.#time.after(SLACK, giveUp);
        else giveUp();
      });
      work()
        .then(resolve, reject)
        .finally(() => cancel());
    });
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#logger.warn('Redis does not answer: doing without it for now');
    this.#probeLater();
  }

  #probeLater(): void {
    this.#time.after(PROBE_INTERVAL, () => {
      this.#probe().then(
        () => {
          this.#isOpen = false;
          this.#logger.info('Redis answers again');
        },
        () => this.#probeLater(),
      );
    });
  }
}
