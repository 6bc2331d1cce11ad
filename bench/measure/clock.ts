const OFFSET = Number(process.hrtime.bigint() / 1_000n) - performance.now() * 1_000;

/** µs of the machine's monotonic clock: the same in every process, and the clock of V8's profiles. */
export const nowMicros = (): number => performance.now() * 1_000 + OFFSET;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
