import { writeAtomically } from './files.ts';
import type { Fleet } from './fleet.ts';
import { capacityOf, type Capacity, type MachineLimits } from './limits.ts';
import { configureNginx, type NginxBase } from './nginx.ts';
import { apiNodesText } from './nodes.ts';
import { seconds, thousands, type Output } from './output.ts';
import type { Supervised } from './processes.ts';
import { reloadNginx } from './reload.ts';
import { roll } from './roll.ts';

/** How many nodes there shall be; what is not named stays. */
export interface Scale {
  readonly api?: number | undefined;
  readonly gateways?: number | undefined;
}

export interface TopologyDeps {
  readonly api: Fleet;
  readonly gateways: Fleet;
  readonly base: NginxBase;
  readonly limits: MachineLimits;
  readonly output: Output;
  /** Throws when the cluster is being stopped. */
  readonly checkpoint: () => void;
}

/** The API nodes and gateways of a cluster, how many they are, and who is told which of them serve. */
export class Topology {
  readonly api: Fleet;
  readonly gateways: Fleet;
  readonly base: NginxBase;
  readonly #limits: MachineLimits;
  readonly #output: Output;
  readonly #checkpoint: () => void;
  #nginx: Supervised | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: TopologyDeps) {
    this.api = deps.api;
    this.gateways = deps.gateways;
    this.base = deps.base;
    this.#limits = deps.limits;
    this.#output = deps.output;
    this.#checkpoint = deps.checkpoint;
  }

  get capacity(): Capacity {
    return capacityOf(this.gateways.serving.length, this.#limits);
  }

  /** Starts the first nodes and writes NGINX's configuration for them. */
  async start(count: Required<Scale>): Promise<void> {
    await this.#grow(this.api, 'api', count.api ?? 0);
    await this.#noteApiNodes();
    await this.#grow(this.gateways, 'gateway', count.gateways ?? 0);
    const { perGateway, total } = this.capacity;
    this.#output.line('capacity', `${thousands(total)} sockets (${thousands(perGateway)} a gateway)`);
    await this.#configure();
  }

  /** From now on this NGINX is told of changes. */
  serveThrough(nginx: Supervised): void {
    this.#nginx = nginx;
  }

  /** Adds nodes, or drains the youngest; one call at a time. */
  scale(wanted: Scale): Promise<void> {
    return this.#inTurn(() => this.#scale(wanted));
  }

  /** Starts every node again, one after the other, as after an update; see `roll`. */
  restart(): Promise<void> {
    return this.#inTurn(() =>
      roll(
        [this.api, this.gateways],
        () => this.#announce(),
        (name) => this.#output.line(name, 'started again'),
      ),
    );
  }

  /** Ends all nodes: gateways drain while the API still answers. */
  async end(): Promise<void> {
    await this.gateways.end(this.gateways.all);
    await this.api.end(this.api.all);
  }

  async #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#turn.catch(() => undefined).then(run);
    this.#turn = turn;
    await turn;
  }

  async #scale(wanted: Scale): Promise<void> {
    const { api, gateways } = this;
    const more = (fleet: Fleet, count: number | undefined): number =>
      (count ?? fleet.serving.length) - fleet.serving.length;
    const [apiMore, gatewayMore] = [more(api, wanted.api), more(gateways, wanted.gateways)];
    if (apiMore > 0) await this.#grow(api, 'api', apiMore);
    await this.#noteApiNodes();
    if (gatewayMore > 0) await this.#grow(gateways, 'gateway', gatewayMore);
    const oldApi = api.retire(Math.max(0, -apiMore));
    const oldGateways = gateways.retire(Math.max(0, -gatewayMore));
    // Nobody is sent to them any more before they are asked to go.
    await this.#announce();
    await gateways.end(oldGateways);
    await api.end(oldApi);
    for (const { name } of [...oldGateways, ...oldApi]) this.#output.line(name, 'drained and ended');
    this.#output.line('capacity', `${thousands(this.capacity.total)} sockets`);
  }

  async #grow(fleet: Fleet, label: string, count: number): Promise<void> {
    const before = performance.now();
    const known = new Set(fleet.serving);
    this.#output.progress(label, `starting ${count}`);
    await fleet.grow(count);
    this.#checkpoint();
    const took = seconds(performance.now() - before);
    for (const node of fleet.serving.filter((item) => !known.has(item)))
      this.#output.line(node.name, `127.0.0.1:${node.port} (${took})`);
  }

  /** Tells gateways and NGINX which nodes serve. */
  async #announce(): Promise<void> {
    this.#checkpoint();
    await this.#noteApiNodes();
    await this.#configure();
    if (this.#nginx !== undefined) await reloadNginx(this.#nginx);
  }

  async #configure(): Promise<void> {
    const { api, gateways, capacity } = this;
    await configureNginx(this.base, { api: api.serving, gateways: gateways.serving, capacity });
  }

  async #noteApiNodes(): Promise<void> {
    await writeAtomically(this.base.paths.apiNodes, apiNodesText(this.api.serving));
  }
}
