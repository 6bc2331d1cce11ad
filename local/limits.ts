import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { run } from './command.ts';

/** What this machine lets one process hold. */
export interface MachineLimits {
  /** File descriptors, the hard limit: Node raises its own soft limit to it, and children inherit that. */
  readonly files: number;
  /** Outgoing ports towards one address and port: a gateway cannot get more sockets from NGINX than this. */
  readonly ports: number;
  readonly cores: number;
}
export interface Capacity {
  /** MAX_SOCKETS of each gateway. */
  readonly perGateway: number;
  /** What the cluster as a whole can hold. */
  readonly total: number;
  readonly nginxWorkers: number;
  readonly nginxConnections: number;
  readonly nginxFiles: number;
}

/** Descriptors a gateway keeps for everything but sockets: Redis, API nodes, logs, connections being refused. */
const GATEWAY_RESERVE = 500;
const NGINX_RESERVE = 200;
/** Beyond this a table of connections costs a worker more memory than it brings on one machine. */
const FILES_USED = 65_536;
const MAX_WORKERS = 64;
/** Workers do not fill evenly: room for a quarter more than is promised. */
const SLACK = 1.25;

export async function readLimits(): Promise<MachineLimits> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '32768 60999');
  const [low = 32_768, high = 60_999] = range.trim().split(/\s+/).map(Number);
  return { files: await hardLimit(), ports: high - low + 1, cores: availableParallelism() };
}

async function hardLimit(): Promise<number> {
  const { output } = await run('sh', ['-c', 'ulimit -Hn']);
  const value = output.trim() === 'unlimited' ? FILES_USED : Number(output.trim());
  return Number.isInteger(value) && value > 0 ? value : 1_024;
}

/** How many sockets `gateways` can hold, and the NGINX that fits: it needs two descriptors for each. */
export function capacityOf(gateways: number, limits: MachineLimits): Capacity {
  const files = Math.min(limits.files, FILES_USED);
  const perGateway = Math.max(50, Math.min(files - GATEWAY_RESERVE, limits.ports - GATEWAY_RESERVE));
  const total = perGateway * gateways;
  const nginxConnections = Math.max(256, files - NGINX_RESERVE);
  const wanted = Math.ceil((total * 2 * SLACK) / nginxConnections);
  const nginxWorkers = Math.min(MAX_WORKERS, Math.max(limits.cores, wanted));
  return {
    perGateway,
    total: Math.min(total, Math.floor((nginxWorkers * nginxConnections) / 2)),
    nginxWorkers,
    nginxConnections,
    nginxFiles: files,
  };
}
