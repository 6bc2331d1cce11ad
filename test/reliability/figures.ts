/** Percentiles and tables of the experiments. */

export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Of ms, rounded; zeros for an empty list. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** `p50 1.2 s · p99 3.4 s · max 5.6 s` */
export const told = ({ p50, p99, max }: Spread): string =>
  `p50 ${inSeconds(p50)} · p99 ${inSeconds(p99)} · max ${inSeconds(max)}`;

export const inSeconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** Two columns under a title. */
export function table(title: string, rows: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)].join('\n');
}

/** With a capital in front, for a title. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
