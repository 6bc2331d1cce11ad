/** Every wait of the engine, in ms. */
export interface Timing {
  /** Until a REST call counts as unanswered. */
  readonly request: number;
  /** From opening a socket to its `ready`. */
  readonly connect: number;
  /** A socket that lived so long resets the backoff. */
  readonly stable: number;
  /** After waking: silence of a socket that was pinged. */
  readonly wakeCheck: number;
  /** How long a send may stay unanswered before it is sent again. */
  readonly ack: number;
  /** How long the socket may be away before the outbox uses REST. */
  readonly restFallback: number;
  /** From a hole's appearance to its repair; most close by themselves. */
  readonly repairDelay: number;
  readonly repairRetry: number;
  readonly repairRetryMax: number;
  /** Between two asks of a repair that leads nowhere. */
  readonly repairSlow: number;
  /** Before the room list is corrected from the server. */
  readonly refreshDelay: number;
  /** From a change to its being kept for the next visit. */
  readonly keepDelay: number;
  /** The longest that what was kept may hold up the connection at the start. */
  readonly restore: number;
  /** From `ready` to reading ahead what the next visit may want offline, and from one room to the next. */
  readonly aheadDelay: number;
  readonly aheadInterval: number;
  /** Within which after a reconnect the names in the list are read again; and how long those of a room gather. */
  readonly namesSpread: number;
  readonly namesGather: number;
  readonly gotInterval: number;
  readonly readInterval: number;
  /** How long after a `got` the loss of its socket may have lost it too. */
  readonly sure: number;
  readonly typingInterval: number;
  readonly typingDuration: number;
  /** Calls for an edit, a deletion or a reaction at the most; a number, not ms. */
  readonly changeAttempts: number;
  /** The longest wait between two of them. */
  readonly changePatience: number;
}

export const DEFAULT_TIMING: Timing = {
  request: 15_000,
  connect: 10_000,
  stable: 10_000,
  wakeCheck: 3_000,
  ack: 10_000,
  restFallback: 5_000,
  repairDelay: 2_000,
  repairRetry: 1_000,
  repairRetryMax: 3_000,
  repairSlow: 15_000,
  refreshDelay: 500,
  keepDelay: 500,
  restore: 1_000,
  aheadDelay: 3_000,
  aheadInterval: 250,
  namesSpread: 5_000,
  namesGather: 100,
  gotInterval: 1_000,
  readInterval: 300,
  sure: 5_000,
  typingInterval: 3_000,
  typingDuration: 5_000,
  changeAttempts: 4,
  changePatience: 5_000,
};
