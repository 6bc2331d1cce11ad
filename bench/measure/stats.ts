/** The middle of the values (the mean of the two in the middle of an even number); NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? NaN)) / 2;
}

/** The value that `share` (0 to 1) of the sorted values do not exceed; NaN of none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

/** By how much the largest exceeds the smallest, as a share of the smallest. */
export function spread(values: readonly number[]): number {
  const smallest = Math.min(...values);
  return (Math.max(...values) - smallest) / smallest;
}

/** Field by field the median of several runs' figures. */
export function medianOf<K extends string>(runs: readonly Readonly<Record<K, number>>[]): Record<K, number> {
  const names = Object.keys(runs[0] ?? {}) as K[];
  return Object.fromEntries(names.map((name) => [name, median(runs.map((run) => run[name]))])) as Record<
    K,
    number
  >;
}
