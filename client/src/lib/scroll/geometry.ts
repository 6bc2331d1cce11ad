/** Where a reader stands in a scrolled list. Pure. */

export interface Viewport {
  /** All in px. */
  readonly offset: number;
  readonly size: number;
  readonly viewport: number;
}

/** So near the end (px) that the reader means the end. */
export const END_SLACK = 48;
/** Older messages are fetched when fewer px than this lie above. */
export const LOAD_AHEAD = 1_200;

/** px between what is seen and the end of the list; never negative. */
export function distanceToEnd(view: Viewport): number {
  return Math.max(0, view.size - view.offset - view.viewport);
}

export function isAtEnd(view: Viewport): boolean {
  return distanceToEnd(view) <= END_SLACK;
}

/** Whether the reader comes near the end of a stretch that goes on. */
export function wantsNewer({ offset, size, viewport }: Viewport): boolean {
  return size - offset - viewport < 1_000;
}

export function wantsOlder(view: Viewport): boolean {
  return view.offset < LOAD_AHEAD;
}

/** Which way the reader's own hand moved the list. */
export type Hand = 'up' | 'down' | 'none';

/**
 * Whether the list goes on following the newest message. Only the reader's own hand ends it, by however little it moves
 * up: rows that grow, a composer that opens, a burst of messages move the end away too, and must not.
 */
export function follows(was: boolean, view: Viewport, hand: Hand): boolean {
  const distance = distanceToEnd(view);
  if (hand === 'up') return distance <= 1;
  if (hand === 'down') return was || distance <= END_SLACK;
  return was || distance <= 1;
}
