import type { Ports } from './ports.ts';
import { Supervised, type ProcessEvents, type ProcessSpec } from './processes.ts';
import type { NodePorts } from './nodes.ts';

/** One API node or gateway with its process. */
export interface FleetNode extends NodePorts {
  readonly name: string;
  readonly process: Supervised;
}

export interface FleetOptions {
  /** Prefix of the nodes' names: `api-1`, `api-2`. */
  readonly kind: 'api' | 'gateway';
  readonly ports: Ports;
  readonly spec: (name: string, ports: NodePorts) => ProcessSpec;
  readonly events: ProcessEvents;
  readonly prefix: readonly string[];
}

/** The nodes of one kind: grows by ready ones, shrinks by the youngest. */
export class Fleet {
  readonly #options: FleetOptions;
  #nodes: readonly FleetNode[] = [];
  #serving: readonly FleetNode[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Those that requests are sent to, the eldest first. */
  get serving(): readonly FleetNode[] {
    return this.#serving;
  }

  /** All that have a process, those that start or drain included. */
  get all(): readonly FleetNode[] {
    return this.#nodes;
  }

  /** Starts `count` more at once and waits until all answer; when one does not, none of them stays. */
  async grow(count: number): Promise<void> {
    const added: FleetNode[] = [];
    for (let i = 0; i < count; i++) added.push(await this.#create());
    const results = await Promise.allSettled(added.map((node) => node.process.start()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      await this.end(added);
      throw failed.reason;
    }
    this.#serving = [...this.#serving, ...added];
  }

  /** Takes the youngest `count` out of `serving`; they run on until `end`. */
  retire(count: number): readonly FleetNode[] {
    const left = this.#serving.slice(this.#serving.length - count);
    this.#serving = this.#serving.slice(0, this.#serving.length - count);
    return left;
  }

  /** Takes a node out of `serving` for a while. */
  withdraw(node: FleetNode): void {
    this.#serving = this.#serving.filter((item) => item !== node);
  }

  /** Puts a node back that was withdrawn, at its place. */
  restore(node: FleetNode): void {
    this.#serving = this.#nodes.filter((item) => item === node || this.#serving.includes(item));
  }

  /** Ends nodes for good: each drains first. */
  async end(nodes: readonly FleetNode[]): Promise<void> {
    await Promise.all(nodes.map((node) => node.process.stop()));
    this.#nodes = this.#nodes.filter((node) => !nodes.includes(node));
    this.#serving = this.#serving.filter((node) => !nodes.includes(node));
    for (const { port, internalPort } of nodes) this.#options.ports.release(port, internalPort);
  }

  async #create(): Promise<FleetNode> {
    const { kind, ports: free, spec, events, prefix } = this.#options;
    const name = this.#freeName(kind);
    const ports = { port: await free.take(), internalPort: await free.take() };
    const node = { name, ...ports, process: new Supervised(spec(name, ports), events, prefix) };
    this.#nodes = [...this.#nodes, node];
    return node;
  }

  #freeName(kind: string): string {
    const names = new Set(this.#nodes.map((node) => node.name));
    let number = 1;
    while (names.has(`${kind}-${number}`)) number++;
    return `${kind}-${number}`;
  }
}
