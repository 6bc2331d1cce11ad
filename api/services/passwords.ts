import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { ParleyError } from '../../shared/node/errors.ts';
import type { PasswordTask } from './password-worker.ts';

/** Hashings that may wait, however fast they are. */
const MAX_QUEUE = 100;
/** ms somebody may have to wait, judged by what hashing took of late: proxies and people give up at 30 s. */
const MAX_WAIT = 10_000;
const RETRY_AFTER = 2_000;
/** Weight of the newest in the average. */
const NEWEST = 0.2;
/** Bytes bcrypt looks at; it ignores the rest, so longer passwords are refused. */
export const MAX_PASSWORD_BYTES = 72;

/** Threads that hash. */
export type HashingPool = Pick<Piscina, 'queueSize' | 'run' | 'destroy'>;

/** bcrypt in worker threads, so that logins never stall the event loop. Throws `overloaded` when too many wait. */
export class Passwords {
  readonly #pool: HashingPool;
  readonly #cost: number;
  /** ms that each hashing in the queue adds to the wait, on average. */
  #share = 0;
  #dummy: Promise<string> | undefined;

  constructor({ cost, pool = startPool() }: { readonly cost: number; readonly pool?: HashingPool }) {
    this.#cost = cost;
    this.#pool = pool;
  }

  /** Hashings that wait. */
  get queued(): number {
    return this.#pool.queueSize;
  }

  async hash(password: string): Promise<string> {
    return String(await this.#run({ op: 'hash', password, cost: this.#cost }));
  }

  /** Takes as long where there is no hash (nobody by that name) as where there is one. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const real = hash !== undefined && hash !== '';
    const fits = await this.#run({ op: 'compare', password, hash: real ? hash : await this.#dummyHash() });
    return real && fits === true;
  }

  /** Makes what the first login would wait for. */
  async warmUp(): Promise<void> {
    await this.#dummyHash();
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #dummyHash(): Promise<string> {
    this.#dummy ??= this.hash('nobody has this password').catch((error: unknown) => {
      this.#dummy = undefined;
      throw error;
    });
    return this.#dummy;
  }

  async #run(task: PasswordTask): Promise<unknown> {
    const queued = this.#pool.queueSize;
    if (queued >= MAX_QUEUE || queued * this.#share > MAX_WAIT) {
      throw new ParleyError('overloaded', 'Too many logins at this moment.', { retryAfterMs: RETRY_AFTER });
    }
    const started = performance.now();
    const result: unknown = await this.#pool.run(task);
    this.#share += NEWEST * ((performance.now() - started) / (queued + 1) - this.#share);
    return result;
  }
}

function startPool(): Piscina {
  const extension = extname(import.meta.url);
  return new Piscina({
    filename: new URL(`./password-worker${extension}`, import.meta.url).href,
    // From sources, a worker has to learn TypeScript by itself.
    execArgv: extension === '.ts' ? ['--import', 'tsx'] : [],
    minThreads: 1,
    maxThreads: Math.max(1, Math.min(2, availableParallelism() - 1)),
    maxQueue: MAX_QUEUE,
    idleTimeout: 30_000,
  });
}
