import type { Cluster } from '../../local/cluster.ts';
import { memoryOf } from './probes.ts';

const INTERVAL = 1_000;
const MEGABYTE = 1_024 * 1_024;

/** The memory of API nodes and gateways, looked at every second; in MB. */
export class MemoryWatch {
  readonly #cluster: Cluster;
  readonly #names: readonly string[];
  readonly #most = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#names = cluster.processes
      .map(({ spec }) => spec.name)
      .filter((name) => /^(api|gateway)-/.test(name));
    // A cluster that is gone has no memory to look at.
    this.#timer = setInterval(() => void this.#look().catch(() => this.stop()), INTERVAL);
  }

  async now(): Promise<Readonly<Record<string, number>>> {
    const sizes = this.#names.map(
      async (name) => [name, Math.round((await memoryOf(this.#cluster, name)) / MEGABYTE)] as const,
    );
    return Object.fromEntries(await Promise.all(sizes));
  }

  /** The most each had since the last call. */
  take(): Readonly<Record<string, number>> {
    const most = Object.fromEntries(this.#most);
    this.#most.clear();
    return most;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    for (const [name, size] of Object.entries(await this.now()))
      this.#most.set(name, Math.max(size, this.#most.get(name) ?? 0));
  }
}
