/** ms an upload's lease lasts, far above the time between two renewals. */
export const LEASE = 20_000;
export const RENEWAL = 5_000;
/** ms for which a file waits to stand in a message. */
export const UNSENT = 24 * 3_600_000;
/** ms after which bytes that were removed are removed once more: a write may have been on its way. */
export const AGAIN = 60_000;

export const inMs = (ms: number): Date => new Date(Date.now() + ms);
