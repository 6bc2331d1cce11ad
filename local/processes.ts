import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { errorCode, reason, SetupError } from './errors.ts';
import { identify, type Identity } from './identity.ts';
import { lastComplaint, LogFile } from './logfile.ts';

/** How to run one server of the cluster and keep it running. */
export interface ProcessSpec {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly log: string;
  /** Whether it answers by now; asked again and again until true, or until `readyTimeout` ms have passed. */
  readonly isReady: () => Promise<boolean>;
  readonly readyTimeout?: number;
  /** ms from SIGTERM to SIGKILL. */
  readonly grace: number;
  /** The signal that asks it to end; default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}
export interface ProcessEvents {
  /** It started or ended: the list of living processes is another. */
  readonly onChange: () => void;
  /** It died, could not be started again, or runs again; `text` says which. */
  readonly onTrouble: (name: string, text: string) => void;
}

const READY_TIMEOUT = 60_000;
const READY_POLL = 50;
const FIRST_BACKOFF = 250;
const MAX_BACKOFF = 5_000;
/** ms of life after which a death counts as the first again. */
const STEADY = 30_000;

/** One supervised child: started, watched, started again when it dies (with a growing delay), ended for good by `stop`. */
export class Supervised {
  readonly spec: ProcessSpec;
  readonly log: LogFile;
  readonly #prefix: readonly string[];
  readonly #events: ProcessEvents;
  #child: ChildProcess | undefined;
  #identity: Identity | undefined;
  #startedAt = 0;
  #backoff = FIRST_BACKOFF;
  #timer: NodeJS.Timeout | undefined;
  #state: 'new' | 'starting' | 'running' | 'waiting' | 'stopped' = 'new';

  /** `prefix` is a command that runs the program given to it, or empty. */
  constructor(spec: ProcessSpec, events: ProcessEvents, prefix: readonly string[] = []) {
    this.spec = spec;
    this.#events = events;
    this.#prefix = prefix;
    this.log = new LogFile(spec.log);
  }

  /** The living child; undefined while there is none. */
  get identity(): Identity | undefined {
    return this.#child === undefined ? undefined : this.#identity;
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Starts it and waits until it answers; throws SetupError with its own complaint when it ends or stays silent. */
  async start(): Promise<void> {
    this.#state = 'starting';
    const child = this.#spawn();
    const failure = await this.#untilReady(child);
    if (this.#isStopped()) return;
    if (failure !== undefined) {
      await this.#end(child);
      throw new SetupError(`${this.spec.name} ${failure} (log: ${this.spec.log})`);
    }
    this.#state = 'running';
    // It may have died between its last answer and here.
    if (hasEnded(child)) this.#onDeath(child);
  }

  /** Ends it for good: asks first, then SIGKILL after the grace. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    if (this.#child !== undefined) await this.#end(this.#child);
  }

  /**
   * Ends it as `stop` does and starts it again. Throws SetupError when it does not come back at once; it is tried again
   * then as after a death.
   */
  async restart(): Promise<void> {
    if (this.#isStopped()) return;
    // Not 'stopped': so that a `stop` meanwhile is seen, and the end that comes is no death.
    this.#state = 'starting';
    clearTimeout(this.#timer);
    if (this.#child !== undefined) await this.#end(this.#child);
    if (this.#isStopped()) return;
    try {
      await this.start();
    } catch (error) {
      if (this.#isStopped()) return;
      this.#state = 'waiting';
      this.#again();
      throw error;
    }
  }

  /** Sends a signal, as a fault would; resolves when the child is gone if it is SIGKILL, else at once. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    if (signal === 'SIGKILL') await gone;
  }

  #spawn(): ChildProcess {
    const { spec } = this;
    const [program = spec.program, ...args] = [...this.#prefix, spec.program, ...spec.args];
    const child = this.log.withDescriptor((descriptor) =>
      spawn(program, args, {
        cwd: spec.cwd,
        env: { ...process.env, ...spec.env },
        stdio: ['ignore', descriptor, descriptor],
        // A group of its own: Ctrl-C in the terminal reaches this process only, which then ends all in order.
        detached: true,
      }),
    );
    this.#child = child;
    this.#identity = undefined;
    this.#startedAt = performance.now();
    child.once('error', () => this.#onDeath(child));
    child.once('exit', () => this.#onDeath(child));
    if (child.pid !== undefined) void this.#note(child, child.pid);
    return child;
  }

  async #note(child: ChildProcess, pid: number): Promise<void> {
    const identity = await identify(pid);
    if (this.#child !== child) return;
    this.#identity = identity;
    this.#events.onChange();
  }

  async #untilReady(child: ChildProcess): Promise<string | undefined> {
    const deadline = performance.now() + (this.spec.readyTimeout ?? READY_TIMEOUT);
    for (;;) {
      if (this.#isStopped()) return undefined;
      if (hasEnded(child)) return `ended at once: ${lastComplaint(await this.log.tail())}`;
      if (await this.spec.isReady().catch(() => false)) return undefined;
      if (performance.now() > deadline) return `does not answer: ${lastComplaint(await this.log.tail())}`;
      await new Promise((resolve) => setTimeout(resolve, READY_POLL));
    }
  }

  #onDeath(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
    endGroup(child);
    this.#events.onChange();
    if (this.#state !== 'running') return;
    this.#state = 'waiting';
    if (performance.now() - this.#startedAt > STEADY) this.#backoff = FIRST_BACKOFF;
    const how = child.signalCode ?? `code ${child.exitCode ?? '?'}`;
    this.#events.onTrouble(this.spec.name, `ended (${how}), starting again in ${this.#backoff} ms`);
    this.#again();
  }

  #again(): void {
    this.#timer = setTimeout(() => {
      const back = (): void => {
        if (this.isRunning) this.#events.onTrouble(this.spec.name, 'runs again');
      };
      const failed = (error: unknown): void => {
        if (this.#isStopped()) return;
        this.#state = 'waiting';
        this.#events.onTrouble(this.spec.name, reason(error));
        this.#again();
      };
      void this.start().then(back, failed);
    }, this.#backoff);
    this.#backoff = Math.min(this.#backoff * 2, MAX_BACKOFF);
  }

  async #end(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || hasEnded(child)) return;
    const gone = once(child, 'exit');
    child.kill(this.spec.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.spec.grace);
    await gone;
    clearTimeout(timer);
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }
}

/** What a dead child left in its group, such as the workers of a killed NGINX, which would keep its ports. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
