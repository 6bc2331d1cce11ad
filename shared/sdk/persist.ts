import { Backoff } from '../wire/backoff.ts';
import { ApiError } from './errors.ts';

export interface PersistOptions {
  /** Calls at the most, the first one included. */
  readonly attempts: number;
  /** ms: a longer wait is not worth it to somebody who looks on; the error tells how long it would be. */
  readonly patience: number;
  readonly random: () => number;
}

/**
 * Makes a call that may be made twice, again where the server is too busy or lost a race (429, 503), after the wait it asked
 * for. Anything else rejects at once, also no answer at all: whoever asked sees it and decides.
 */
export async function persist<T>(
  call: () => Promise<T>,
  { attempts, patience, random }: PersistOptions,
): Promise<T> {
  const backoff = new Backoff({ random });
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await call();
    } catch (error) {
      if (!isBusy(error) || left <= 0) throw error;
      const wait = backoff.next(error.retryAfterMs);
      if (wait > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function isBusy(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 429 || error.status === 503);
}
