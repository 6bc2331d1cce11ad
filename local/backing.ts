import type { Output } from './output.ts';
import type { Paths } from './paths.ts';
import type { Ports } from './ports.ts';
import { Supervised, type ProcessEvents, type ProcessSpec } from './processes.ts';
import { redisSpec, redisUrl } from './redis.ts';
import type { Servers } from './servers.ts';
import { localStore } from './store.ts';

export interface BackingOptions {
  readonly paths: Paths;
  readonly output: Output;
  readonly events: ProcessEvents;
  readonly ports: Ports;
  readonly code: 'built' | 'source';
  /** Throws when the start has been overtaken by a stop. */
  readonly checkpoint: () => void;
}

/** The processes around the nodes: store, Redis, NGINX, Vite. They stay from start to end, and end in reverse. */
export class Backing {
  readonly #options: BackingOptions;
  readonly #processes: Supervised[] = [];

  constructor(options: BackingOptions) {
    this.#options = options;
  }

  /** In the order of their start. */
  get processes(): readonly Supervised[] {
    return this.#processes;
  }

  /** The store and Redis, at once; those named by a URL are only told of. Rejects with the first one's complaint. */
  async startServers(
    servers: Servers,
    redisPassword: string,
    prefix: readonly string[],
  ): Promise<{ mongodbUrl: string; redisUrl: string }> {
    const [mongo, redis] = await Promise.allSettled([
      this.#startStore(servers, prefix),
      this.#startRedis(servers, redisPassword, prefix),
    ]);
    if (mongo.status === 'rejected') throw mongo.reason;
    if (redis.status === 'rejected') throw redis.reason;
    this.#options.checkpoint();
    return { mongodbUrl: mongo.value, redisUrl: redis.value };
  }

  /** Starts a process, waits until it answers, and tells of it. */
  async run(spec: ProcessSpec, about: string, prefix: readonly string[]): Promise<void> {
    const { output, events, checkpoint } = this.#options;
    checkpoint();
    const supervised = new Supervised(spec, events, prefix);
    this.#processes.push(supervised);
    output.progress(spec.name, `starting: ${about}`);
    await supervised.start();
    checkpoint();
    output.line(spec.name, about);
  }

  async stop(): Promise<void> {
    for (const item of this.#processes.toReversed()) await item.stop();
  }

  async #startStore({ mongo }: Servers, prefix: readonly string[]): Promise<string> {
    const { output, ports, paths, code } = this.#options;
    if (mongo.kind === 'url') {
      output.line('mongodb', mongo.about);
      return mongo.url;
    }
    const { spec, url } = await localStore(mongo, await ports.take(), paths, code);
    await this.run(spec, mongo.about, prefix);
    return url;
  }

  async #startRedis({ redis }: Servers, password: string, prefix: readonly string[]): Promise<string> {
    const { output, ports, paths } = this.#options;
    if (redis.kind === 'url') {
      output.line('redis', redis.about);
      return redis.url;
    }
    const port = await ports.take();
    await this.run(await redisSpec(redis.program, port, password, paths), redis.about, prefix);
    return redisUrl(port, password);
  }
}
