import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { Pool } from 'undici';
import type { Logger } from '../shared/node/logger.ts';

/** ms between looks at the file and at DNS. */
const REFRESH_INTERVAL = 2_000;
/** ms a node that failed is passed over while others are left; doubled with each failure in a row, up to the longest. */
const DOWN_TIME = 2_000;
const LONGEST_DOWN_TIME = 16_000;
const MAX_NODES = 256;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** One API node's internal port. */
export interface ApiNode {
  readonly origin: string;
  readonly pool: Pool;
  inFlight: number;
  downUntil: number;
  /** In a row. */
  failures: number;
}

/**
 * The API nodes as configured: base URLs separated by commas, or `@file` with one a line, read again while running; a
 * name with several addresses is several nodes.
 */
export class ApiNodes {
  readonly #config: string;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #nodes = new Map<string, ApiNode>();
  #timer: NodeJS.Timeout | undefined;
  #lastProblem = '';

  constructor(config: string, logger: Logger, now: () => number) {
    this.#config = config;
    this.#logger = logger;
    this.#now = now;
  }

  async start(): Promise<void> {
    await this.#refresh();
    this.#timer = setInterval(() => void this.#refresh(), REFRESH_INTERVAL).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#nodes.values()].map((node) => node.pool.destroy()));
    this.#nodes.clear();
  }

  /** The file is read again at once, as nodes may have come since; a name would take too long to look up. Never rejects. */
  async lookAgain(): Promise<void> {
    if (this.#config.startsWith('@')) await this.#refresh();
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** How many did not fail lately. */
  get healthy(): number {
    const now = this.#now();
    return [...this.#nodes.values()].filter((node) => node.downUntil <= now).length;
  }

  /** The least busy node, another than `not` where there is one; undefined when none is known. */
  pick(not?: ApiNode): ApiNode | undefined {
    const now = this.#now();
    const cost = (node: ApiNode): number =>
      (node === not ? 2e6 : 0) + (node.downUntil > now ? 1e6 : 0) + node.inFlight + Math.random();
    let best: ApiNode | undefined;
    let least = Infinity;
    for (const node of this.#nodes.values()) {
      const price = cost(node);
      if (price < least) [best, least] = [node, price];
    }
    return best;
  }

  markDown(node: ApiNode): void {
    const now = this.#now();
    // What fails together counts once.
    if (node.downUntil > now) return;
    node.downUntil = now + Math.min(DOWN_TIME * 2 ** Math.min(node.failures, 8), LONGEST_DOWN_TIME);
    node.failures++;
  }

  markUp(node: ApiNode): void {
    node.downUntil = 0;
    node.failures = 0;
  }

  async #refresh(): Promise<void> {
    let origins: Set<string>;
    try {
      origins = await this.#resolve();
      this.#lastProblem = '';
    } catch (error) {
      // The nodes known so far stay: a file being rewritten or a name server away says nothing about them.
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== this.#lastProblem) this.#logger.warn({ err: error }, 'API nodes cannot be looked up');
      this.#lastProblem = problem;
      return;
    }
    for (const origin of origins) if (!this.#nodes.has(origin)) this.#add(origin);
    for (const node of this.#nodes.values()) if (!origins.has(node.origin)) this.#remove(node);
  }

  async #resolve(): Promise<Set<string>> {
    const text = this.#config.startsWith('@') ? await readFile(this.#config.slice(1), 'utf8') : this.#config;
    const urls = text.split(/[\s,]+/).filter((url) => url !== '');
    const origins = await Promise.all(urls.slice(0, MAX_NODES).map(addresses));
    return new Set(origins.flat().slice(0, MAX_NODES));
  }

  #add(origin: string): void {
    const pool = new Pool(origin, {
      connections: 8,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      connect: { timeout: 1_000 },
      maxResponseSize: MAX_ANSWER_BYTES,
    });
    this.#nodes.set(origin, { origin, pool, inFlight: 0, downUntil: 0, failures: 0 });
    this.#logger.info({ origin }, 'API node added');
  }

  #remove(node: ApiNode): void {
    this.#nodes.delete(node.origin);
    this.#logger.info({ origin: node.origin }, 'API node removed');
    // Requests under way end in their own time.
    node.pool.close().catch((error: unknown) => this.#logger.warn({ err: error }, 'a pool did not close'));
  }
}

async function addresses(text: string): Promise<string[]> {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return [url.origin];
  const found = await lookup(host, { all: true });
  // A node that listens on both families would count twice.
  const v4 = found.filter((entry) => entry.family === 4);
  return (v4.length > 0 ? v4 : found).map((entry) => {
    const name = entry.family === 6 ? `[${entry.address}]` : entry.address;
    return `${url.protocol}//${name}${url.port === '' ? '' : `:${url.port}`}`;
  });
}
