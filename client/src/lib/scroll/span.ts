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
/** px above and below that must be drawn before more is. */
export const LEAST_MARGIN = 400;

/** The rows around the one at `index`, whose top stands `top` px below the viewport's. */
export function spanAround(
  heights: (index: number) => number,
  count: number,
  at: { readonly index: number; readonly top: number; readonly viewport: number },
): Span {
  const { viewport } = at;
  let { index: start, top: edge } = at;
  let spare = 0;
  while (start > 0 && edge > -MARGIN && spare < MARGIN_ROWS) {
    start -= 1;
    edge -= heights(start);
    if (edge < 0) spare += 1;
  }
  // The row that was begun with may itself stand far above.
  while (start < count - 1 && edge + heights(start) < -MARGIN) {
    edge += heights(start);
    start += 1;
  }
  let end = start;
  spare = 0;
  while (end < count && edge < viewport + MARGIN && spare < MARGIN_ROWS) {
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
