/** Time and chance as the log needs them: a test can bring its own and so decide every interleaving. */
export interface Time {
  /** Monotonic ms. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Calls `run` once after `ms`, without keeping the process alive for it; gives what cancels that. */
  after(ms: number, run: () => void): () => void;
  /** In [0, 1). */
  random(): number;
}

export const realTime: Time = Object.freeze({
  now: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
});
