import { categoryOf, IDLE, type Place } from './categories.ts';

/** What V8 writes into a `.cpuprofile`: a tree of functions, and which of them each sample hit. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Place }[];
  /** µs of the monotonic clock. */
  readonly startTime: number;
  readonly endTime: number;
  /** The node's id of each sample. */
  readonly samples: readonly number[];
  /** µs from the sample before (the first: from the start). */
  readonly timeDeltas: readonly number[];
}
/** µs of the monotonic clock. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
export interface Share {
  readonly name: string;
  /** µs of self time. */
  readonly self: number;
  /** Of the busy time, 0 to 1. */
  readonly share: number;
}
export interface Analysis {
  /** µs between the first and the last sample looked at. */
  readonly total: number;
  readonly idle: number;
  readonly busy: number;
  /** Most expensive first; idle is not among them. */
  readonly categories: readonly Share[];
  /** The same by function, `name (category)`. */
  readonly functions: readonly Share[];
}

/** A profile's text as a profile; throws a sentence for anything else. */
export function parseProfile(text: string): CpuProfile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('not a CPU profile: no JSON');
  }
  if (!isProfile(value)) throw new Error('not a CPU profile: nodes, samples or timeDeltas are missing');
  return value;
}

/** Self time by category and by function, of the whole profile or of the part within `span`. */
export function analyse(profile: CpuProfile, span?: Span): Analysis {
  const places = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byCategory = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let time = profile.startTime;
  let total = 0;
  for (const [i, id] of profile.samples.entries()) {
    // A sample's function ran from then until the next sample.
    time += profile.timeDeltas[i] ?? 0;
    const self = profile.timeDeltas[i + 1] ?? 0;
    const place = places.get(id);
    if (place === undefined || self <= 0) continue;
    if (span !== undefined && (time < span.from || time > span.to)) continue;
    const category = categoryOf(place);
    total += self;
    add(byCategory, category, self);
    if (category !== IDLE) add(byFunction, `${place.functionName || '(anonymous)'} (${category})`, self);
  }
  const idle = byCategory.get(IDLE) ?? 0;
  byCategory.delete(IDLE);
  const busy = total - idle;
  return { total, idle, busy, categories: shares(byCategory, busy), functions: shares(byFunction, busy) };
}

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}

function shares(sums: ReadonlyMap<string, number>, busy: number): Share[] {
  return [...sums]
    .map(([name, self]) => ({ name, self, share: busy === 0 ? 0 : self / busy }))
    .toSorted((a, b) => b.self - a.self);
}

function isProfile(value: unknown): value is CpuProfile {
  if (typeof value !== 'object' || value === null) return false;
  const { nodes, samples, timeDeltas } = value as Readonly<Record<string, unknown>>;
  return Array.isArray(nodes) && Array.isArray(samples) && Array.isArray(timeDeltas);
}
