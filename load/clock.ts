const OFFSET = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** ms of the machine's monotonic clock: the same in all processes of this machine, and nowhere else. */
export const now = (): number => performance.now() + OFFSET;

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
