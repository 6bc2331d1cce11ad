import { lookup } from 'node:dns/promises';
import { cpus, totalmem } from 'node:os';
import { readLimits } from '../local/limits.ts';
import { LoadError, UsageError } from './errors.ts';
import type { LoadOptions } from './options.ts';
import type { Report } from './report/model.ts';

const SOCKETS_PER_PROCESS = 5_000;
/** Descriptors a worker needs beside its sockets. */
const RESERVE = 200;
/** Of the ports one address has towards one target, those that may be used: others use them too. */
const PORTS_USED = 0.85;
/** The first is left to others. */
const FIRST_SOURCE = 2;

export interface MachinePlan {
  readonly processes: number;
  /** Files one process may have open. */
  readonly files: number;
  readonly cores: number;
  /** Addresses to connect from; none: the system chooses. */
  readonly sources: readonly string[];
  /** The address behind the URL's name, where that is this machine. */
  readonly address: string | undefined;
}

/** How the sockets are spread over this machine; throws LoadError where its limits do not allow so many. */
export async function planMachine(options: LoadOptions): Promise<MachinePlan> {
  const { files, ports, cores } = await readLimits();
  const { connections } = options;
  const perProcess = files - RESERVE;
  if (perProcess < 1)
    throw new LoadError(`a process may have only ${files} files open: raise it (ulimit -n)`);
  const least = Math.ceil(connections / perProcess);
  const wanted = Math.max(1, Math.min(cores, Math.ceil(connections / SOCKETS_PER_PROCESS)));
  const processes = options.processes ?? Math.max(least, wanted);
  if (processes < least)
    throw new UsageError(
      `${connections} sockets need ${least} processes: each may have ${files} files open (ulimit -n)`,
    );
  const address = await loopbackOf(new URL(options.url).hostname);
  const usable = Math.floor(ports * PORTS_USED);
  const sources = options.sources.length > 0 ? options.sources : loopbacks(address, connections, usable);
  const capacity = Math.max(1, sources.length) * usable;
  if (capacity < connections)
    throw new LoadError(
      `${connections} sockets need ${Math.ceil(connections / usable)} addresses to connect from, each has ${usable} ports: name them with --source`,
    );
  return { processes, files, cores, sources, address };
}

/** The IPv4 loopback address behind a name, undefined where the target is elsewhere. */
async function loopbackOf(hostname: string): Promise<string | undefined> {
  if (hostname === 'localhost') return '127.0.0.1';
  const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { family: 4 }).catch(() => undefined);
  return found?.address.startsWith('127.') === true ? found.address : undefined;
}

/** Only Linux answers on all of 127.0.0.0/8. */
function loopbacks(address: string | undefined, connections: number, ports: number): readonly string[] {
  const count = Math.ceil(connections / ports);
  if (address === undefined || count === 1 || process.platform !== 'linux') return [];
  return Array.from({ length: Math.min(count, 250) }, (_, i) => `127.0.0.${FIRST_SOURCE + i}`);
}

/** What a report tells of this machine. */
export function machineOf({ processes, sources, cores }: MachinePlan): Report['machine'] {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    ...{ cores, memory: totalmem(), node: process.version, processes, sources: Math.max(1, sources.length) },
  };
}
