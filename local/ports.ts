import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { errorCode, SetupError } from './errors.ts';

/**
 * Ports for the nodes come from below the range the system hands out to outgoing connections, so that a node that is
 * restarted finds its port free again: NGINX knows it by that port.
 */
const FIRST = 20_000;
const LAST = 31_999;
const ATTEMPTS = 200;

/** A free port of 127.0.0.1 that is not in `taken`; it is added there, so that the next call gives another. */
export async function freePort(taken: Set<number>): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(FIRST, LAST);
    if (taken.has(port) || (await problem(port, '127.0.0.1')) !== undefined) continue;
    taken.add(port);
    return port;
  }
  throw new SetupError(`no free port between ${FIRST} and ${LAST} on 127.0.0.1`);
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
