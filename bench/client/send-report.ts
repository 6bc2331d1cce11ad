import type { Latency } from '../measure/samples.ts';

/** What a client that sends messages found, within the time that counts. */
export interface SendReport extends Latency {
  /** Acknowledged in that time. */
  readonly acknowledged: number;
  readonly perSecond: number;
  /** Refused in that time. */
  readonly refused: number;
  /** Refusals by status or code. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Acknowledged from the first send to the last, warm-up included: so many must be in the store. */
  readonly total: number;
}

/** The times of a measurement, in seconds. */
export interface SendTimes {
  readonly warmUp: number;
  readonly seconds: number;
}
