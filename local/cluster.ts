import { mkdir } from 'node:fs/promises';
import { Backing } from './backing.ts';
import { build } from './compile.ts';
import { ensureCertificates } from './certificates.ts';
import type { ClusterOptions, ServerUrls } from './cluster-options.ts';
import { openControl } from './control.ts';
import { SetupError } from './errors.ts';
import { Fleet } from './fleet.ts';
import { capacityOf, readLimits, type Capacity, type MachineLimits } from './limits.ts';
import { LogFile } from './logfile.ts';
import { nginxLogs, nginxSpec } from './nginx.ts';
import { apiSpec, entriesOf, gatewaySpec, type NodePorts, type NodeSettings } from './nodes.ts';
import { silent, type Output } from './output.ts';
import { pathsOf, type Paths } from './paths.ts';
import { assertFree, hasIpv6, Ports } from './ports.ts';
import { Supervised, type ProcessSpec } from './processes.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { ensureServers } from './servers.ts';
import {
  claim,
  controlSocket,
  endLeftovers,
  forgetProcesses,
  noteEnvironment,
  noteProcesses,
} from './state.ts';
import { Topology, type Scale } from './topology.ts';
import { deathPrefix } from './undertaker.ts';
import { viteSpec } from './vite.ts';

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
  readonly #ports = new Ports();
  readonly #backing: Backing;
  readonly #cleanups: { readonly name: string; readonly run: () => Promise<void> | void }[] = [];
  #parts: Parts | undefined;
  #stopping: Promise<void> | undefined;
  #noting: Promise<void> = Promise.resolve();

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#output = options.output ?? silent;
    this.paths = pathsOf(options.data);
    this.#backing = new Backing({
      paths: this.paths,
      output: this.#output,
      events: this.#events,
      ports: this.#ports,
      code: options.code ?? 'built',
      checkpoint: () => this.#checkpoint(),
    });
  }

  /** Such as https://localhost:8443. */
  get origin(): string {
    return originOf(this.#started.nodes.base.port);
  }
  /** PEM file of the CA that signed the certificate. */
  get caCertificate(): string {
    return this.#started.nodes.base.certificates.ca;
  }
  get httpPort(): number {
    return this.#started.nodes.base.httpPort;
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
    return this.#started.nodes.api.serving;
  }
  get gateways(): readonly NodePorts[] {
    return this.#started.nodes.gateways.serving;
  }
  get capacity(): Capacity {
    return this.#started.nodes.capacity;
  }
  /** Every process by name: mongodb, redis, nginx, api-1 …, gateway-1 …; servers named by a URL are not among them. */
  get processes(): readonly Supervised[] {
    const nodes = [...(this.#parts?.nodes.api.all ?? []), ...(this.#parts?.nodes.gateways.all ?? [])];
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
  scale(wanted: Scale): Promise<void> {
    return this.#started.nodes.scale(wanted);
  }

  /** Starts every node again, one after the other, as after an update. */
  restart(): Promise<void> {
    return this.#started.nodes.restart();
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
    const base = await this.#frontPorts();
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
    const vite = options.vite === true ? await this.#ports.take() : undefined;
    const nodes = new Topology({
      base: {
        ...{ ...base, choice: servers.nginx, paths: this.paths, ipv6, certificates },
        vite: vite === undefined ? undefined : `127.0.0.1:${vite}`,
      },
      limits,
      api: this.#fleet('api', (name, ports) => apiSpec(name, ports, settings), prefix),
      gateways: this.#fleet('gateway', (name, ports) => gatewaySpec(name, ports, settings), prefix),
      output,
      checkpoint: () => this.#checkpoint(),
    });
    this.#parts = { settings, nodes };
    await nodes.start({ api: options.api ?? 2, gateways: options.gateways ?? 2 });
    await this.#startFront(nodes, vite, prefix);
    this.#watchLogs();
  }

  async #frontPorts(): Promise<{ port: number; httpPort: number }> {
    const { port = 0, httpPort = 0 } = this.#options;
    if (port !== 0) await assertFree(port, '--port');
    if (httpPort !== 0) await assertFree(httpPort, '--http-port');
    this.#ports.reserve(port, httpPort);
    return {
      port: port === 0 ? await this.#ports.take() : port,
      httpPort: httpPort === 0 ? await this.#ports.take() : httpPort,
    };
  }

  async #startFront(nodes: Topology, vite: number | undefined, prefix: readonly string[]): Promise<void> {
    const { base } = nodes;
    if (vite !== undefined) {
      const spec = viteSpec(vite, base.port, this.paths);
      await this.#backing.run(spec, `hot reload on 127.0.0.1:${vite}`, prefix);
    }
    await this.#backing.run(nginxSpec(base), base.choice.about, prefix);
    nodes.serveThrough(this.process('nginx'));
    const close = await openControl(controlSocket(this.paths), this);
    this.#cleanups.push({ name: 'control', run: close });
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
    return new Fleet({ kind, ports: this.#ports, spec, events: this.#events, prefix });
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
    await this.#parts?.nodes.end();
    await this.#backing.stop();
    this.#ports.close();
    await this.#noting;
    const holdsLock = this.#cleanups.length > 0;
    if (holdsLock) await forgetProcesses(this.paths);
    for (const cleanup of this.#cleanups.toReversed()) await cleanup.run();
  }
}

/** What there is once the servers behind the nodes run. */
interface Parts {
  readonly settings: NodeSettings;
  readonly nodes: Topology;
}

function originOf(port: number, host = 'localhost'): string {
  return port === 443 ? `https://${host}` : `https://${host}:${port}`;
}
