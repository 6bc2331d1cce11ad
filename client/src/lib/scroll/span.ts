/** Which rows of a long list are drawn. Pure. */

/** Rows `start` up to but not including `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
export const NO_ROWS: Span = { start: 0, end: 0 };

/** px drawn above and below what is seen, but no more rows than that. */
const MARGIN = 900;
const MARGIN_ROWS = 30;
/** px above and below that are always drawn. */
const LEAST_MARGIN = 400;
/** Where less px than that are, more is drawn. */
export const SPARE_MARGIN = 700;
/** Rows beyond the least that are drawn at a time at each end: drawing all at once would hold up a frame. */
const STEP = 8;

interface Around {
  /** The row whose top stands `top` px below the viewport's. */
  readonly index: number;
  readonly top: number;
  /** px. */
  readonly viewport: number;
}
type Heights = (index: number) => number;

/** The rows to draw next where those of `drawn` are: a step towards all that belong around the viewport. */
export function nextSpan(heights: Heights, count: number, at: Around, drawn: Span): Span {
  const whole = spanAround(heights, count, at);
  const least = spanAround(heights, count, at, LEAST_MARGIN);
  if (drawn.end <= least.start || drawn.start >= least.end) return whole;
  return {
    start: Math.min(least.start, Math.max(whole.start, drawn.start - STEP)),
    end: Math.max(least.end, Math.min(whole.end, drawn.end + STEP)),
  };
}

/** The rows around one. */
export function spanAround(heights: Heights, count: number, at: Around, margin = MARGIN): Span {
  const { viewport } = at;
  let { index: start, top: edge } = at;
  let spare = 0;
  while (start > 0 && edge > -margin && spare < MARGIN_ROWS) {
    start -= 1;
    edge -= heights(start);
    if (edge < 0) spare += 1;
  }
  // The row that was begun with may itself stand far above.
  while (start < count - 1 && edge + heights(start) < -margin) {
    edge += heights(start);
    start += 1;
  }
  let end = start;
  spare = 0;
  while (end < count && edge < viewport + margin && spare < MARGIN_ROWS) {
    edge += heights(end);
    end += 1;
    if (edge > viewport) spare += 1;
  }
  return { start, end };
}

/** The row that stands `offset` px below the top of row `from`, above or behind it, and how far below that offset its top is. */
export function rowAt(
  heights: (index: number) => number,
  count: number,
  from: number,
  offset: number,
): { readonly index: number; readonly top: number } {
  let index = Math.min(from, count - 1);
  let top = -offset;
  while (index > 0 && top > 0) {
    index -= 1;
    top -= heights(index);
  }
  while (index < count - 1 && top + heights(index) <= 0) {
    top += heights(index);
    index += 1;
  }
  return { index, top };
}
