/**
 * What a message of the tester tells of itself: which run it belongs to, which lane sent it, which of the lane's it is,
 * and when it was to be sent. It stands in the clientId, where it is cheap to read, and in the text, for people.
 */
export interface Stamp {
  readonly lane: number;
  /** 1, 2, 3 … in each lane. */
  readonly n: number;
  /** ms of `clock.now`, to a hundredth. */
  readonly at: number;
}

export const RUN_LENGTH = 6;
const TICKS_PER_MS = 100;

/** `<run>.<lane>.<n>.<at>`, numbers in base 36; at most 40 characters. */
export function encodeStamp(run: string, { lane, n, at }: Stamp): string {
  return `${run}.${lane.toString(36)}.${n.toString(36)}.${Math.round(at * TICKS_PER_MS).toString(36)}`;
}

/** undefined for a clientId of another run, or of nobody's. */
export function decodeStamp(run: string, clientId: string | undefined): Stamp | undefined {
  const match = /^([0-9a-z]+)\.([0-9a-z]+)\.([0-9a-z]+)\.([0-9a-z]+)$/.exec(clientId ?? '');
  if (match?.[1] !== run) return undefined;
  const [lane, n, ticks] = match.slice(2).map((digits) => Number.parseInt(digits, 36));
  return { lane: lane ?? -1, n: n ?? 0, at: (ticks ?? 0) / TICKS_PER_MS };
}

/** The text of a message, filled up to `length` characters. */
export function textOf(run: string, { lane, n, at }: Stamp, length: number): string {
  return `load ${run} lane ${lane} message ${n} due ${at.toFixed(2)} `.padEnd(
    length,
    'lorem ipsum dolor sit amet ',
  );
}

/** What `MessageReader.read` found is given in the same unit. */
export const msOfTicks = (ticks: number): number => ticks / TICKS_PER_MS;
