import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Cluster } from '../../local/cluster.ts';

/** Bytes of memory of a process of the cluster; 0 while it is away. */
export async function memoryOf(cluster: Cluster, name: string): Promise<number> {
  const pid = cluster.process(name).identity?.pid;
  if (pid === undefined) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}

/** The value of one series, or the sum of all with that name, on a node's internal port. */
export async function metric(internalPort: number, name: string): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${internalPort}/metrics`, {
    signal: AbortSignal.timeout(5_000),
  });
  const values = new Map<string, number>();
  for (const line of (await response.text()).split('\n')) {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match?.[1] === name) values.set(match[2] ?? '', Number(match[3]));
  }
  return values;
}

/** Calls that gateways made so far, by path, of all API nodes together. A node that was started again counts from 0. */
export async function internalCalls(cluster: Cluster): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const { internalPort } of cluster.apiNodes)
    for (const [labels, value] of await metric(internalPort, 'parley_internal_calls_total')) {
      const path = /path="([^"]*)"/.exec(labels)?.[1] ?? '';
      sums.set(path, (sums.get(path) ?? 0) + value);
    }
  return sums;
}

/** Refusals of sends as the gateways saw them, which know nothing of how busy the clients' process is: all, and within a second. */
export async function refusals(cluster: Cluster): Promise<{ readonly all: number; readonly inTime: number }> {
  let [all, inTime] = [0, 0];
  for (const { internalPort } of cluster.gateways)
    for (const [labels, value] of await patientMetric(internalPort, 'parley_send_seconds_bucket')) {
      if (!labels.includes('outcome="error"')) continue;
      if (labels.includes('le="+Inf"')) all += value;
      if (labels.includes('le="1"')) inTime += value;
    }
  return { all, inTime };
}

/** Asks once more where a busy process has not answered in time. */
const patientMetric = (internalPort: number, name: string): Promise<Map<string, number>> =>
  metric(internalPort, name).catch(() => metric(internalPort, name));

/** How often each kind of resume happened, of all gateways that live. */
export async function resumes(cluster: Cluster): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { internalPort } of cluster.gateways)
    for (const [labels, value] of await metric(internalPort, 'parley_resumes_total')) {
      const kind = /kind="([^"]*)"/.exec(labels)?.[1] ?? '';
      sums[kind] = (sums[kind] ?? 0) + value;
    }
  return sums;
}

/** Sockets each gateway holds, in the order of `cluster.gateways`. */
export async function socketsOf(cluster: Cluster): Promise<number[]> {
  return await Promise.all(
    cluster.gateways.map(async ({ internalPort }) => {
      const values = await metric(internalPort, 'parley_sockets').catch(() => new Map<string, number>());
      return [...values.values()][0] ?? 0;
    }),
  );
}

/** Reads of the REST API that NGINX passed on since the last look. */
export class RestReads {
  readonly #path: string;
  #offset = 0;

  constructor(cluster: Cluster) {
    this.#path = join(cluster.paths.logs, 'nginx-access.log');
  }

  async look(): Promise<number> {
    const { size } = await stat(this.#path);
    const lines = createInterface(createReadStream(this.#path, { start: Math.min(this.#offset, size) }));
    this.#offset = size;
    let count = 0;
    for await (const line of lines) if (line.includes('"GET /api/')) count += 1;
    return count;
  }
}
