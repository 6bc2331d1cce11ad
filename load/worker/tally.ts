import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { EncodedLatencies } from '../messages.ts';

/** What is counted; each tick tells what was added since the one before. */
export const COUNTERS = [
  'opened',
  'ready',
  'failed',
  'intended',
  'sent',
  'acked',
  'retried',
  'refused',
  'notSent',
  'deliveries',
  'repeats',
  'gaps',
  'logReads',
  'repairs',
  'missingRooms',
  'barred',
] as const;
export type Counter = (typeof COUNTERS)[number];
export type Counters = Readonly<Record<Counter, number>>;

/**
 * What is measured. `connect`: until the upgrade. `ready`: until `ready`, of a first connect. `ack`, `delivery`: from the
 * intended time of the send. `back`, `caughtUp`: from the break of a socket until it is ready, and has all it missed.
 */
export const LATENCIES = ['connect', 'ready', 'ack', 'delivery', 'back', 'caughtUp'] as const;
export type LatencyName = (typeof LATENCIES)[number];

/** µs. */
const LONGEST = 600_000_000;
const MAX_NAMES = 50;

export const newHistogram = (): Histogram =>
  build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: 2,
  });

export function zeroCounters(): Record<Counter, number> {
  return Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Record<Counter, number>;
}

/** One worker's counts and latencies since the last `take`. */
export class Tally {
  count = zeroCounters();
  readonly #histograms: Readonly<Record<LatencyName, Histogram>>;
  #errors = new Map<string, number>();
  #closes = new Map<number, number>();

  constructor() {
    this.#histograms = Object.fromEntries(
      LATENCIES.map((name) => [name, newHistogram()] as const),
    ) as unknown as Record<LatencyName, Histogram>;
  }

  /** `ms` may be below 0 by the clock's grain. */
  record(name: LatencyName, ms: number): void {
    this.#histograms[name].recordValue(Math.min(LONGEST, Math.max(1, Math.round(ms * 1_000))));
  }

  error(name: string): void {
    bump(this.#errors, name);
  }

  close(code: number): void {
    bump(this.#closes, code);
  }

  /** Gives what there is and begins anew. */
  take(): {
    counters: Counters;
    latencies: EncodedLatencies;
    errors: ReadonlyMap<string, number>;
    closes: ReadonlyMap<number, number>;
  } {
    const latencies: Record<string, string> = {};
    for (const [name, histogram] of Object.entries(this.#histograms)) {
      if (histogram.totalCount === 0) continue;
      latencies[name] = encodeIntoCompressedBase64(histogram);
      histogram.reset();
    }
    const taken = { counters: this.count, latencies, errors: this.#errors, closes: this.#closes };
    this.count = zeroCounters();
    this.#errors = new Map();
    this.#closes = new Map();
    return taken;
  }
}

/** Names beyond the first few are counted together. */
function bump<K>(map: Map<K, number>, key: K): void {
  const kept = map.size < MAX_NAMES || map.has(key);
  if (kept) map.set(key, (map.get(key) ?? 0) + 1);
}
