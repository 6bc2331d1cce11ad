/** One absence of one socket, in ms of `performance.now()`. */
export interface Outage {
  readonly droppedAt: number;
  readonly code: number;
  /** The gateway said goodbye first. */
  readonly wasTold: boolean;
  readyAt?: number;
  /** All that `ready` told of had come. */
  caughtUpAt?: number;
}

/** The last absence of each that began after `since`. */
export const lastSince = (outages: readonly Outage[], since: number): Outage | undefined =>
  outages.findLast(({ droppedAt }) => droppedAt >= since);
