import { nowMicros, sleep } from '../measure/clock.ts';

export interface Schedule {
  /** Messages a second, evenly spaced. */
  readonly rate: number;
  readonly seconds: number;
}

/**
 * Calls `publish` for each message at its time, with its place and its intended time (µs). What a late timer missed follows
 * at once, still under the time at which it was due. Gives how many there were.
 */
export async function runSchedule(
  { rate, seconds }: Schedule,
  publish: (index: number, dueMicros: number) => void,
): Promise<number> {
  const count = Math.round(rate * seconds);
  const interval = 1_000_000 / rate;
  const start = nowMicros() + interval;
  for (let index = 0; index < count;) {
    const now = nowMicros();
    for (; index < count && start + index * interval <= now; index++)
      publish(index, start + index * interval);
    await sleep(1);
  }
  return count;
}
