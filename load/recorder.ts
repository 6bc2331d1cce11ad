import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { now } from './clock.ts';
import type { Tick } from './messages.ts';
import type { Usage } from './processes.ts';
import {
  COUNTERS,
  type Counter,
  LATENCIES,
  type LatencyName,
  newHistogram,
  zeroCounters,
} from './worker/tally.ts';

/** Percentiles in ms, to a hundredth; of nothing all are 0. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** One second of a run. */
export interface Sample {
  /** Seconds since the run began. */
  readonly t: number;
  readonly connected: number;
  readonly backlog: number;
  /** A second. */
  readonly counters: Readonly<Record<Counter, number>>;
  readonly delivery: Spread;
  readonly ack: Spread;
  /** The longest delay of a worker's event loop, ms. */
  readonly lag: number;
  /** By process: CPU in percent of one core, memory in bytes. */
  readonly processes: Readonly<Record<string, { readonly cpu: number; readonly memory: number }>>;
}

/** Counts and latencies over a stretch of time. */
export class Window {
  readonly counters = zeroCounters();
  #ticks = 0;
  readonly #histograms = Object.fromEntries(LATENCIES.map((name) => [name, newHistogram()])) as Record<
    LatencyName,
    Histogram
  >;

  /** Ticks of all workers: each tells of about a second. */
  get ticks(): number {
    return this.#ticks;
  }

  add({ counters, latencies }: Tick): void {
    this.#ticks += 1;
    for (const name of COUNTERS) this.counters[name] += counters[name];
    for (const name of LATENCIES) {
      const encoded = latencies[name];
      if (encoded !== undefined) this.#histograms[name].add(decodeFromCompressedBase64(encoded, 32, false));
    }
  }

  /** The counts over so many seconds, of one. */
  perSecond(seconds: number): Record<Counter, number> {
    const rates = zeroCounters();
    for (const name of COUNTERS) rates[name] = Math.round((this.counters[name] / seconds) * 10) / 10;
    return rates;
  }

  spread(name: LatencyName): Spread {
    const histogram = this.#histograms[name];
    const ms = (value: number): number => Math.round(value / 10) / 100;
    const at = (percentile: number): number =>
      histogram.totalCount === 0 ? 0 : ms(histogram.getValueAtPercentile(percentile));
    return {
      count: histogram.totalCount,
      ...{ p50: at(50), p90: at(90), p99: at(99), p999: at(99.9) },
      max: histogram.totalCount === 0 ? 0 : ms(histogram.maxValue),
    };
  }
}

/** ms a sample must span: rates over less say nothing. */
const MIN_SPAN = 500;
/** Samples beyond these are thinned out by two, so that a day's run fits. */
const MAX_SAMPLES = 7_200;

/** Everything the workers tell, as totals, as a row per second, and as windows somebody asked for. */
export class Recorder {
  readonly total = new Window();
  readonly errors = new Map<string, number>();
  readonly closes = new Map<number, number>();
  readonly samples: Sample[] = [];
  /** Called when each worker has told of another second. */
  onRound: () => void = () => undefined;
  readonly #workers: number;
  #startedAt = now();
  readonly #ticked = new Set<number>();
  #sampledAt = now();
  readonly #connected = new Map<number, number>();
  readonly #backlogs = new Map<number, number>();
  readonly #windows = new Set<Window>();
  #second = new Window();
  #lag = 0;
  #used: { readonly at: number; readonly usage: ReadonlyMap<string, Usage> } | undefined;

  /** `workers` tell of themselves, each about once a second. */
  constructor(workers: number) {
    this.#workers = workers;
  }

  /** Sockets that are ready, by the last tick of each worker. */
  get connected(): number {
    return sum(this.#connected.values());
  }
  get backlog(): number {
    return sum(this.#backlogs.values());
  }

  /** Seconds since the run began. */
  get elapsed(): number {
    return Math.round((now() - this.#startedAt) / 100) / 10;
  }

  /** The run begins now. */
  begin(): void {
    this.#startedAt = now();
    this.#sampledAt = this.#startedAt;
  }

  tick(tick: Tick): void {
    this.#connected.set(tick.worker, tick.connected);
    this.#backlogs.set(tick.worker, tick.backlog);
    this.#lag = Math.max(this.#lag, tick.lag);
    for (const window of [this.total, this.#second, ...this.#windows]) window.add(tick);
    for (const [name, count] of tick.errors) this.errors.set(name, (this.errors.get(name) ?? 0) + count);
    for (const [code, count] of tick.closes) this.closes.set(code, (this.closes.get(code) ?? 0) + count);
    this.#ticked.add(tick.worker);
    if (this.#ticked.size < this.#workers || now() - this.#sampledAt < MIN_SPAN) return;
    this.#ticked.clear();
    this.onRound();
  }

  /** From now on what comes is also counted in a window of its own, until `end`. */
  window(): { readonly window: Window; readonly end: () => void } {
    const window = new Window();
    this.#windows.add(window);
    return { window, end: () => void this.#windows.delete(window) };
  }

  /** Closes a second: what the ticks since the last one told, and what the processes used. */
  sample(usage: ReadonlyMap<string, Usage>): Sample {
    const at = now();
    const second = this.#second;
    const seconds = Math.max(0.1, (at - this.#sampledAt) / 1_000);
    this.#sampledAt = at;
    const sample = {
      t: this.elapsed,
      connected: this.connected,
      backlog: this.backlog,
      counters: second.perSecond(seconds),
      delivery: second.spread('delivery'),
      ack: second.spread('ack'),
      lag: Math.round(this.#lag * 10) / 10,
      processes: this.#shares(at, usage),
    };
    this.#second = new Window();
    this.#lag = 0;
    this.samples.push(sample);
    if (this.samples.length > MAX_SAMPLES)
      this.samples.splice(0, Infinity, ...this.samples.filter((_, i) => i % 2 === 1));
    return sample;
  }

  #shares(at: number, usage: ReadonlyMap<string, Usage>): Sample['processes'] {
    const before = this.#used;
    this.#used = { at, usage };
    const shares: Record<string, { cpu: number; memory: number }> = {};
    for (const [name, { cpu, memory }] of usage) {
      const last = before?.usage.get(name)?.cpu;
      // A process that was started again begins at 0.
      const spent = last === undefined ? 0 : Math.max(0, cpu - last);
      const percent = before === undefined ? 0 : Math.round((spent / (at - before.at)) * 100_000);
      shares[name] = { cpu: percent, memory };
    }
    return shares;
  }
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
