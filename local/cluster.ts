import { mkdir } from 'node:fs/promises';
import { Backing } from './backing.ts';
import { build } from './compile.ts';
import { ensureCertificates } from './certificates.ts';
import { openControl } from './control.ts';
import { SetupError } from './errors.ts';
import { writeAtomically } from './files.ts';
import { Fleet } from './fleet.ts';
import { capacityOf, readLimits, type Capacity, type MachineLimits } from './limits.ts';
import { LogFile } from './logfile.ts';
import { configureNginx, nginxLogs, nginxSpec, type NginxBase } from './nginx.ts';
import {
  apiNodesText,
  apiSpec,
  entriesOf,
  gatewaySpec,
  type NodeEntries,
  type NodePorts,
  type NodeSettings,
} from './nodes.ts';
import { seconds, silent, thousands, type Output } from './output.ts';
import { pathsOf, type Paths } from './paths.ts';
import { assertFree, freePort, hasIpv6 } from './ports.ts';
import { Supervised, type ProcessSpec } from './processes.ts';
import { reloadNginx } from './reload.ts';
import { roll } from './roll.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { ensureServers, type Servers } from './servers.ts';
import {
  claim,
  controlSocket,
  endLeftovers,
  forgetProcesses,
  noteEnvironment,
  noteProcesses,
} from './state.ts';
import { deathPrefix } from './undertaker.ts';
import { viteSpec } from './vite.ts';

/** What a cluster is to be. */
export interface ClusterOptions {
  /** Folder of its data, secrets, certificates and logs; one cluster at a time may use it. */
  readonly data: string;
  readonly api?: number;
  readonly gateways?: number;
  /** 0 (default) takes a free one. */
  readonly port?: number;
  readonly httpPort?: number;
  /** `built` (default) runs dist/, built first where sources changed; `source` runs the TypeScript through tsx. */
  readonly code?: 'built' | 'source';
  /** Vite's server in front instead of the built client. */
  readonly vite?: boolean;
  /** More variables for the API nodes and gateways. */
  readonly env?: Readonly<Record<string, string>>;
  /** The same where they depend on the servers, such as a proxy in front of one; these win. */
  readonly nodeEnv?: (urls: ServerUrls) => Promise<Readonly<Record<string, string>>>;
  /** Where MONGODB_URL and REDIS_URL are looked up; default this process's. */
  readonly serverEnv?: NodeJS.ProcessEnv;
  readonly output?: Output;
  /** Servers found before, so that they are not looked for again. */
  readonly servers?: Servers;
  /** Scripts that stand in for the API node and the gateway, in tests of what surrounds them. */
  readonly entries?: NodeEntries;
}
/** Where the nodes find what they need. */
export interface ServerUrls {
  readonly mongodbUrl: string;
  readonly redisUrl: string;
}
/** How many nodes there shall be; what is not named stays. */
export interface Scale {
  readonly api?: number | undefined;
  readonly gateways?: number | undefined;
}

/** ms between two looks at the size of the logs. */
const LOG_CHECK = 15_000;

/** Starts a cluster and waits until it serves; when any part cannot start, nothing stays and SetupError says why. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const cluster = new Cluster(options);
  await cluster.start();
  return cluster;
}

/** A whole cluster on this machine, under supervision: what dies is started again until `stop`. */
export class Cluster {
  readonly paths: Paths;
  readonly #options: ClusterOptions;
  readonly #output: Output;
  readonly #taken = new Set<number>();
  readonly #backing: Backing;
  readonly #cleanups: { readonly name: string; readonly run: () => Promise<void> | void }[] = [];
  #parts: Parts | undefined;
  #stopping: Promise<void> | undefined;
  #noting: Promise<void> = Promise.resolve();
  #scaling: Promise<unknown> = Promise.resolve();

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#output = options.output ?? silent;
    this.paths = pathsOf(options.data);
    this.#backing = new Backing({
      paths: this.paths,
      output: this.#output,
      events: this.#events,
      taken: this.#taken,
      code: options.code ?? 'built',
      checkpoint: () => this.#checkpoint(),
    });
  }

  /** Such as https://localhost:8443. */
  get origin(): string {
    return originOf(this.#started.base.port);
  }
  /** PEM file of the CA that signed the certificate. */
  get caCertificate(): string {
    return this.#started.base.certificates.ca;
  }
  get httpPort(): number {
    return this.#started.base.httpPort;
  }
  get mongodbUrl(): string {
    return this.#started.settings.mongodbUrl;
  }
  get redisUrl(): string {
    return this.#started.settings.redisUrl;
  }
  get secrets(): Secrets {
    return this.#started.settings.secrets;
  }
  get apiNodes(): readonly NodePorts[] {
    return this.#started.api.serving;
  }
  get gateways(): readonly NodePorts[] {
    return this.#started.gateways.serving;
  }
  get capacity(): Capacity {
    return capacityOf(this.#started.gateways.serving.length, this.#started.limits);
  }
  /** Every process by name: mongodb, redis, nginx, api-1 …, gateway-1 …; servers named by a URL are not among them. */
  get processes(): readonly Supervised[] {
    const nodes = [...(this.#parts?.api.all ?? []), ...(this.#parts?.gateways.all ?? [])];
    return [...this.#backing.processes, ...nodes.map((node) => node.process)];
  }

  /** A process by its name, to kill, stop and start it; throws when there is none. */
  process(name: string): Supervised {
    const found = this.processes.find((item) => item.spec.name === name);
    if (found === undefined) throw new Error(`no process is called ${name}`);
    return found;
  }

  /** A fault: the signal goes to the process, which is started again when it dies of it. */
  async kill(name: string, signal: NodeJS.Signals): Promise<void> {
    await this.process(name).kill(signal);
  }

  async start(): Promise<void> {
    try {
      const release = await claim(this.paths);
      this.#cleanups.push({ name: 'lock', run: release });
      await this.#startAll();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Adds nodes, or drains the youngest; one call at a time. */
  async scale(wanted: Scale): Promise<void> {
    const turn = this.#scaling.catch(() => undefined).then(() => this.#scale(wanted));
    this.#scaling = turn;
    await turn;
  }

  /** Starts every node again, one after the other, as after an update; see `roll`. */
  async restart(): Promise<void> {
    const turn = this.#scaling.catch(() => undefined).then(() => this.#restart());
    this.#scaling = turn;
    await turn;
  }

  /** Ends everything in order: gateways drain while NGINX still carries their goodbyes, the store goes last. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  get #started(): Parts {
    if (this.#parts === undefined) throw new Error('the cluster has not started');
    return this.#parts;
  }

  async #startAll(): Promise<void> {
    const options = this.#options;
    const output = this.#output;
    const leftovers = await endLeftovers(this.paths);
    if (leftovers.length > 0)
      output.line('cleaned up', `left over from the last run: ${leftovers.join(', ')}`);
    const base = await this.#ports();
    const servers = options.servers ?? (await ensureServers(options.serverEnv ?? process.env, output));
    this.#checkpoint();
    if (options.code !== 'source' && options.entries === undefined)
      await build({ output, client: options.vite !== true });
    this.#checkpoint();

    await mkdir(this.paths.run, { recursive: true, mode: 0o700 });
    const [secrets, certificates, limits, ipv6, prefix] = await Promise.all([
      loadSecrets(this.paths.secrets),
      ensureCertificates(this.paths.tls),
      readLimits(),
      hasIpv6(),
      deathPrefix(),
    ]);
    const urls = await this.#backing.startServers(servers, secrets.REDIS_PASSWORD, prefix);
    const env = { ...options.env, ...(await options.nodeEnv?.(urls)) };
    const settings = this.#nodeSettings(base.port, secrets, urls, limits, env);
    await noteEnvironment(this.paths, { ...urls, origin: settings.origin });
    const parts: Parts = {
      base: { ...base, choice: servers.nginx, paths: this.paths, ipv6, certificates, vite: undefined },
      settings,
      limits,
      api: this.#fleet('api', (name, ports) => apiSpec(name, ports, settings), prefix),
      gateways: this.#fleet('gateway', (name, ports) => gatewaySpec(name, ports, settings), prefix),
    };
    this.#parts = parts;
    await this.#startNodes(parts);
    await this.#startFront(parts, prefix);
    this.#watchLogs();
  }

  async #ports(): Promise<{ port: number; httpPort: number }> {
    const { port = 0, httpPort = 0 } = this.#options;
    if (port !== 0) await assertFree(port, '--port');
    if (httpPort !== 0) await assertFree(httpPort, '--http-port');
    this.#taken.add(port).add(httpPort);
    return {
      port: port === 0 ? await freePort(this.#taken) : port,
      httpPort: httpPort === 0 ? await freePort(this.#taken) : httpPort,
    };
  }

  async #startNodes({ api, gateways, limits }: Parts): Promise<void> {
    await this.#grow(api, 'api', this.#options.api ?? 2);
    await this.#noteApiNodes();
    await this.#grow(gateways, 'gateway', this.#options.gateways ?? 2);
    const { perGateway, total } = capacityOf(gateways.serving.length, limits);
    this.#output.line('capacity', `${thousands(total)} sockets (${thousands(perGateway)} a gateway)`);
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

  async #startFront(parts: Parts, prefix: readonly string[]): Promise<void> {
    if (this.#options.vite === true) {
      const port = await freePort(this.#taken);
      await this.#backing.run(
        viteSpec(port, parts.base.port, this.paths),
        `hot reload on 127.0.0.1:${port}`,
        prefix,
      );
      Object.assign(parts, { base: { ...parts.base, vite: `127.0.0.1:${port}` } });
    }
    await configureNginx(parts.base, this.#upstreams());
    await this.#backing.run(nginxSpec(parts.base), parts.base.choice.about, prefix);
    const close = await openControl(controlSocket(this.paths), this);
    this.#cleanups.push({ name: 'control', run: close });
  }

  async #scale(wanted: Scale): Promise<void> {
    const { api, gateways } = this.#started;
    const more = (fleet: Fleet, count: number | undefined) =>
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

  async #restart(): Promise<void> {
    const { api, gateways } = this.#started;
    await roll(
      [api, gateways],
      () => this.#announce(),
      (name) => this.#output.line(name, 'started again'),
    );
  }

  /** Tells gateways and NGINX which nodes serve. */
  async #announce(): Promise<void> {
    await this.#noteApiNodes();
    await configureNginx(this.#started.base, this.#upstreams());
    await reloadNginx(this.process('nginx'));
  }

  #upstreams(): { api: readonly NodePorts[]; gateways: readonly NodePorts[]; capacity: Capacity } {
    const { api, gateways } = this.#started;
    return { api: api.serving, gateways: gateways.serving, capacity: this.capacity };
  }

  async #noteApiNodes(): Promise<void> {
    await writeAtomically(this.paths.apiNodes, apiNodesText(this.#started.api.serving));
  }

  #nodeSettings(
    port: number,
    secrets: Secrets,
    urls: ServerUrls,
    limits: MachineLimits,
    env: Readonly<Record<string, string>>,
  ): NodeSettings {
    return {
      paths: this.paths,
      secrets,
      ...urls,
      origin: originOf(port),
      allowedOrigins: ['localhost', '127.0.0.1', '[::1]'].map((host) => originOf(port, host)),
      maxSockets: capacityOf(1, limits).perGateway,
      entries: this.#options.entries ?? entriesOf(this.#options.code ?? 'built'),
      env,
    };
  }

  #fleet(
    kind: 'api' | 'gateway',
    spec: (name: string, ports: NodePorts) => ProcessSpec,
    prefix: readonly string[],
  ): Fleet {
    return new Fleet({ kind, taken: this.#taken, spec, events: this.#events, prefix });
  }

  readonly #events = {
    onChange: (): void => this.#note(),
    onTrouble: (name: string, text: string): void => this.#output.warn(name, text),
  };

  /** Notes the living processes for the next start, one write after the other. */
  #note(): void {
    if (this.#stopping !== undefined) return;
    this.#noting = this.#noting
      .then(() => noteProcesses(this.paths, this.#living()))
      .catch((error: unknown) => this.#output.warn('state', `cannot be noted: ${String(error)}`));
  }

  #living(): { name: string; pid: number; started: string }[] {
    return this.processes.flatMap(({ spec, identity }) =>
      identity === undefined ? [] : [{ name: spec.name, ...identity }],
    );
  }

  #watchLogs(): void {
    const access = nginxLogs(this.paths).map((path) => new LogFile(path));
    const check = async (): Promise<void> => {
      for (const log of [...access, ...this.processes.map((item) => item.log)]) await log.rotate();
    };
    const timer = setInterval(() => {
      check().catch((error: unknown) => this.#output.warn('logs', `cannot be kept small: ${String(error)}`));
    }, LOG_CHECK);
    this.#cleanups.push({ name: 'logs', run: () => clearInterval(timer) });
  }

  /** Ends a start that `stop` has overtaken. */
  #checkpoint(): void {
    if (this.#stopping !== undefined) throw new SetupError('stopped');
  }

  async #stopAll(): Promise<void> {
    const parts = this.#parts;
    await parts?.gateways.end(parts.gateways.all);
    await parts?.api.end(parts.api.all);
    await this.#backing.stop();
    await this.#noting;
    const holdsLock = this.#cleanups.length > 0;
    if (holdsLock) await forgetProcesses(this.paths);
    for (const cleanup of this.#cleanups.toReversed()) await cleanup.run();
  }
}

/** What there is once the servers behind the nodes run. */
interface Parts {
  readonly base: NginxBase;
  readonly settings: NodeSettings;
  readonly limits: MachineLimits;
  readonly api: Fleet;
  readonly gateways: Fleet;
}

function originOf(port: number, host = 'localhost'): string {
  return port === 443 ? `https://${host}` : `https://${host}:${port}`;
}
