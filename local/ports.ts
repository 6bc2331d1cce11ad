import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { errorCode, SetupError } from './errors.ts';

/**
 * Ports for the nodes come from below the range the system hands out to outgoing connections, so that a node that is
 * restarted finds its port free again: NGINX knows it by that port.
 */
const FIRST = 20_000;
const BLOCK = 300;
const BLOCKS = 40;
const ATTEMPTS = 200;

/**
 * The ports of one cluster. They come in blocks that the cluster holds by listening on the first of each, so that no
 * other cluster of this machine takes the port of a node that was killed a moment ago: gateways and NGINX would take its
 * process for that node. A block is free again when the process that holds it ends, however that happens.
 */
export class Ports {
  readonly #taken = new Set<number>();
  readonly #blocks: { readonly first: number; readonly guard: Server }[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  /** A port of 127.0.0.1 that is free and not given before; rejects with SetupError when there is none. */
  take(): Promise<number> {
    const turn = this.#turn.then(() => this.#next());
    // One at a time: two at once would claim a block each.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Never to be given: somebody named them. */
  reserve(...ports: readonly number[]): void {
    for (const port of ports) this.#taken.add(port);
  }

  /** Whose process is gone for good. */
  release(...ports: readonly number[]): void {
    for (const port of ports) this.#taken.delete(port);
  }

  /** Lets go of all blocks. */
  close(): void {
    for (const { guard } of this.#blocks.splice(0)) guard.close();
  }

  async #next(): Promise<number> {
    for (const { first } of this.#blocks) {
      const port = await this.#takeOf(first);
      if (port !== undefined) return port;
    }
    const port = await this.#takeOf(await this.#claim());
    if (port === undefined) throw noPort();
    return port;
  }

  async #takeOf(first: number): Promise<number | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const port = first + randomInt(1, BLOCK);
      if (this.#taken.has(port) || (await problem(port, '127.0.0.1')) !== undefined) continue;
      this.#taken.add(port);
      return port;
    }
    return undefined;
  }

  async #claim(): Promise<number> {
    const start = randomInt(BLOCKS);
    for (let i = 0; i < BLOCKS; i++) {
      const first = FIRST + ((start + i) % BLOCKS) * BLOCK;
      const guard = await guardOn(first);
      if (guard === undefined) continue;
      this.#blocks.push({ first, guard });
      return first;
    }
    throw noPort();
  }
}

const noPort = (): SetupError =>
  new SetupError(`no free port between ${FIRST} and ${FIRST + BLOCK * BLOCKS - 1} on 127.0.0.1`);

/** undefined where somebody listens already. */
async function guardOn(port: number): Promise<Server | undefined> {
  const guard = createServer((socket) => socket.destroy());
  return await new Promise((resolve) => {
    guard.once('error', () => resolve(undefined));
    guard.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(guard.unref()));
  });
}

/** Throws SetupError, naming the port and `option`, when nobody may listen on it now. */
export async function assertFree(port: number, option: string): Promise<void> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::1']) {
    const code = await problem(port, host);
    if (code === 'EADDRINUSE')
      throw new SetupError(
        `port ${port} is taken by another program: stop it, or choose another with ${option}`,
      );
    if (code === 'EACCES')
      throw new SetupError(`port ${port} may not be used by this user: choose one with ${option}`);
  }
}

/** Whether IPv6's loopback exists here. */
export async function hasIpv6(): Promise<boolean> {
  return (await problem(0, '::1')) === undefined;
}

/** Why `host:port` cannot be listened on: an error code, or undefined when it can. */
async function problem(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', (error) => resolve(errorCode(error) ?? 'EUNKNOWN'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
