import type { Cluster } from '../../local/cluster.ts';

/** ms; a killed gateway takes what it counted since with it. */
const INTERVAL = 1_000;
const TIMEOUT = 900;
const COUNTERS = /^(parley_resumes_total|parley_repaired_total)(?:\{([^}]*)\})? (\d+)/gm;

/** Sums the gateways' counters over all their lives, by asking again and again. */
export class Figures {
  readonly #cluster: Cluster;
  /** Of gateways that are gone. */
  readonly #past = new Map<string, number>();
  /** By gateway. */
  readonly #last = new Map<string, ReadonlyMap<string, number>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  start(): void {
    this.#timer = setInterval(() => void this.scrape(), INTERVAL);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Counters by name, with their kind: `resumes ring`, `repaired`. */
  totals(): Readonly<Record<string, number>> {
    const sums = new Map(this.#past);
    for (const counters of this.#last.values()) add(sums, counters);
    return Object.fromEntries([...sums].sort());
  }

  /** Never rejects: a gateway that does not answer is asked again later. */
  async scrape(): Promise<void> {
    await Promise.all(this.#cluster.gateways.map(({ internalPort }) => this.#ask(internalPort)));
  }

  async #ask(port: number): Promise<void> {
    const url = `http://127.0.0.1:${port}/metrics`;
    const text = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) })
      .then((response) => response.text())
      .catch(() => undefined);
    if (text === undefined) return;
    const counters = read(text);
    const before = this.#last.get(String(port)) ?? new Map<string, number>();
    const isAnother = [...before].some(([name, value]) => (counters.get(name) ?? 0) < value);
    if (isAnother) add(this.#past, before);
    this.#last.set(String(port), counters);
  }
}

function read(text: string): Map<string, number> {
  const counters = new Map<string, number>();
  for (const [, name = '', labels = '', value] of text.matchAll(COUNTERS)) {
    const kind = /kind="([^"]+)"/.exec(labels)?.[1];
    const short = name === 'parley_repaired_total' ? 'repaired' : `resumes ${kind ?? ''}`;
    counters.set(short, Number(value));
  }
  return counters;
}

function add(sums: Map<string, number>, counters: ReadonlyMap<string, number>): void {
  for (const [name, value] of counters) sums.set(name, (sums.get(name) ?? 0) + value);
}

/** The value below which `share` of them lie; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
