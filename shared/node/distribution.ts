import type { Metric, Registry } from 'prom-client';

/** How often values fell where. Told in nanoseconds, which is why it exists: see `Distributions`. */
export class Distribution {
  readonly #bounds: readonly number[];
  /** Of each bound those at or below it and above the one before; last those above all. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = [...bounds, Infinity].map(() => 0);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let place = 0;
    while (place < bounds.length && value > (bounds[place] ?? 0)) place++;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sum += value;
  }

  /** As Prometheus counts: each bucket holds those below it, too. */
  read(): { readonly buckets: readonly number[]; readonly sum: number; readonly count: number } {
    let count = 0;
    const buckets = this.#counts.map((n) => (count += n));
    return { buckets, sum: this.#sum, count };
  }
}

type Labels = Readonly<Record<string, string>>;
interface Value {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * A histogram of the registry for what happens with every message: prom-client's own takes 1 µs for a value, and ten times
 * that where it is seldom called. Labels are few, and each combination is held by who tells its values.
 */
export class Distributions {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #all: { readonly labels: Labels; readonly distribution: Distribution }[] = [];

  constructor(options: {
    readonly name: string;
    readonly help: string;
    readonly buckets: readonly number[];
    readonly labelNames?: readonly string[];
    readonly registry: Registry;
  }) {
    this.#name = options.name;
    this.#help = options.help;
    this.#bounds = options.buckets;
    const { name, labelNames = [] } = options;
    const metric = { name, labelNames, get: () => this.#read(), reset: () => undefined };
    // The registry asks no more of a metric; its type wants one of its own classes.
    options.registry.registerMetric(metric as unknown as Metric);
  }

  /** One more series. */
  with(labels: Labels = {}): Distribution {
    const distribution = new Distribution(this.#bounds);
    this.#all.push({ labels, distribution });
    return distribution;
  }

  async #read(): Promise<object> {
    const values = this.#all.flatMap(({ labels, distribution }) => this.#valuesOf(labels, distribution));
    return await Promise.resolve({
      ...{ name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum' },
      values,
    });
  }

  #valuesOf(labels: Labels, distribution: Distribution): Value[] {
    const { buckets, sum, count } = distribution.read();
    const inBuckets = buckets.map((value, place) => ({
      metricName: `${this.#name}_bucket`,
      labels: { le: this.#bounds[place] ?? '+Inf', ...labels },
      value,
    }));
    return [
      ...inBuckets,
      { metricName: `${this.#name}_sum`, labels, value: sum },
      { metricName: `${this.#name}_count`, labels, value: count },
    ];
  }
}
