/** Sets of whole numbers as closed ranges: ascending, disjoint, never touching. All functions give new lists. */

/** Both ends inclusive; `to = from - 1` is an empty range that still marks a place. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The set with `added` in it; ranges that overlap or touch become one. */
export function addRange(ranges: readonly Range[], added: Range): readonly Range[] {
  const last = ranges.at(-1);
  if (last !== undefined && last.from <= added.from && added.to <= last.to) return ranges;
  const below = ranges.filter((range) => range.to + 1 < added.from);
  const above = ranges.filter((range) => range.from > added.to + 1);
  const touching = ranges.slice(below.length, ranges.length - above.length);
  const from = Math.min(added.from, ...touching.map((range) => range.from));
  const to = Math.max(added.to, ...touching.map((range) => range.to));
  return [...below, { from, to }, ...above];
}

/** The range that holds `value`, if any. */
export function rangeAt(ranges: readonly Range[], value: number): Range | undefined {
  // From the end: nearly every question is about the newest.
  return ranges.findLast((range) => range.from <= value && value <= range.to);
}

/** The set without what lies below `from`. */
export function dropBelow(ranges: readonly Range[], from: number): readonly Range[] {
  return ranges
    .filter((range) => range.to >= from)
    .map((range) => (range.from < from ? { from, to: range.to } : range));
}
