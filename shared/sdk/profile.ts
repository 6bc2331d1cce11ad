import type { Me } from '../wire/rest.ts';
import { ApiError, isRetryable } from './errors.ts';
import { Timer } from './timer.ts';

const RETRY = 5_000;

export interface ProfileDeps {
  readonly fetch: () => Promise<Me>;
  readonly take: (me: Me) => Promise<void>;
  readonly warn: (message: string, error: unknown) => void;
  /** ms until a reading that failed is tried again; tests wait less. */
  readonly retry?: number;
}

/** One's own profile as another device left it: read when it may be another than known, one reading at a time. */
export class Profile {
  readonly #deps: ProfileDeps;
  readonly #timer = new Timer(() => {
    this.again();
  });
  #isStale = false;
  #isReading = false;
  /** Grows when somebody else may be signed in. */
  #epoch = 0;

  constructor(deps: ProfileDeps) {
    this.#deps = deps;
  }

  /** It changed, here or elsewhere, while one was away or just now. */
  stale(): void {
    this.#isStale = true;
    this.again();
  }

  /** The server can be reached: what could not be read is read now. */
  again(): void {
    if (!this.#isStale || this.#isReading) return;
    this.#timer.stop();
    this.#isStale = false;
    this.#isReading = true;
    const epoch = this.#epoch;
    this.#read(epoch).then(
      () => {
        if (epoch !== this.#epoch) return;
        this.#isReading = false;
        this.again();
      },
      (error: unknown) => {
        this.#deps.warn('the profile could not be read', error);
        if (epoch !== this.#epoch) return;
        this.#isReading = false;
        this.#isStale = true;
        const { retry = RETRY } = this.#deps;
        if (!(error instanceof ApiError)) this.#timer.set(retry);
        else if (isRetryable(error)) this.#timer.set(Math.max(retry, error.retryAfterMs ?? 0));
      },
    );
  }

  clear(): void {
    this.#epoch += 1;
    this.#timer.stop();
    this.#isStale = false;
    this.#isReading = false;
  }

  async #read(epoch: number): Promise<void> {
    const me = await this.#deps.fetch();
    // What changed while it was on its way is read again.
    if (epoch === this.#epoch && !this.#isStale) await this.#deps.take(me);
  }
}
