import { ApiError, isRetryable } from './errors.ts';
import { Timer } from './timer.ts';

/** ms until a reading that failed is tried again. */
const RETRY = 5_000;

export interface ReadingDeps<T> {
  readonly fetch: () => Promise<T>;
  readonly apply: (answer: T) => void;
  readonly onError: (error: unknown) => void;
  /** ms; tests wait less. */
  readonly retry?: number;
}

/** What is read from the server in the background, and tried again until it was: a socket may work while calls do not. */
export class Reading<T> {
  readonly #deps: ReadingDeps<T>;
  readonly #timer = new Timer(() => void this.start());
  /** Grows with each start and stop: an answer to what was asked before is not taken. */
  #generation = 0;
  #isDue = false;

  constructor(deps: ReadingDeps<T>) {
    this.#deps = deps;
  }

  /** It was to be read, and no answer is here yet. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Connected: reads what changed meanwhile, or could not be read before. */
  onReady(isMissed: boolean): void {
    if (isMissed || this.#isDue) void this.start();
  }

  /** Reads now. Settles once this try has ended, and never rejects. */
  async start(): Promise<void> {
    this.stop();
    const generation = this.#generation;
    this.#isDue = true;
    try {
      const answer = await this.#deps.fetch();
      if (generation !== this.#generation) return;
      this.#isDue = false;
      this.#deps.apply(answer);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#deps.onError(error);
      if (!(error instanceof ApiError)) this.#timer.set(this.#deps.retry ?? RETRY);
      else if (isRetryable(error))
        this.#timer.set(Math.max(this.#deps.retry ?? RETRY, error.retryAfterMs ?? 0));
    }
  }

  /** Nobody waits for it any more. */
  stop(): void {
    this.#generation += 1;
    this.#isDue = false;
    this.#timer.stop();
  }
}
