import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCluster } from '../../local/cluster.ts';
import { ROOT } from '../../local/paths.ts';
import type { Bench, Outcome, Scenario } from './bench.ts';
import { milliseconds } from './figures.ts';

const SOCKETS = 10_000;
const RATE = 20;
const ROOMS = 200;
const RAMP = 1_000;
const LEAST_CONNECTS = 500;

interface Figures extends Readonly<Record<string, number>> {
  readonly connected: number;
  readonly connectsPerSecond: number;
  readonly violations: number;
  readonly delivered: number;
  readonly p50: number;
  readonly p99: number;
}

export const load: Scenario<Figures> = {
  title: 'Ten thousand sockets through NGINX and TLS',
  about: `A whole cluster as \`npm start\` gives it (two API nodes, two gateways, NGINX with TLS), and \`npm run load\` with ${SOCKETS.toLocaleString('en-US')} sockets in ${ROOMS} rooms and ${RATE} messages a second, all on this machine.`,

  // The load tester judges every message; once is enough, and takes a minute.
  mostRuns: 1,

  async once({ stage, options, note }: Bench): Promise<Figures> {
    note('starting a cluster');
    const cluster = await startCluster({ data: join(stage.paths.data, 'cluster'), port: 0, httpPort: 0 });
    try {
      note(`${SOCKETS} sockets`);
      const json = join(stage.paths.data, 'load.json');
      await runLoad(
        ...['--url', cluster.origin, '--data', cluster.paths.data, '--json', json],
        ...['--connections', String(SOCKETS), '--rooms', String(ROOMS), '--rate', String(RATE)],
        ...['--ramp', String(RAMP), '--duration', String(options.seconds)],
      );
      return readReport(await readFile(json, 'utf8'));
    } finally {
      await cluster.stop();
    }
  },

  conclude({ connected, connectsPerSecond, violations, delivered, p50, p99 }): Outcome {
    return {
      columns: ['sockets', 'connects/s', 'deliveries', 'p50', 'p99', 'lost, doubled or out of order'],
      rows: [
        [
          connected.toLocaleString('en-US'),
          Math.round(connectsPerSecond).toLocaleString('en-US'),
          delivered.toLocaleString('en-US'),
          `${milliseconds(p50)} ms`,
          `${milliseconds(p99)} ms`,
          String(violations),
        ],
      ],
      verdicts: [
        {
          claim: `${SOCKETS.toLocaleString('en-US')} sockets`,
          found: connected.toLocaleString('en-US'),
          ok: connected >= SOCKETS,
        },
        {
          claim: `at least ${LEAST_CONNECTS} connects a second`,
          found: connectsPerSecond.toFixed(0),
          ok: connectsPerSecond >= LEAST_CONNECTS,
        },
        {
          claim: 'messages arrive, nothing lost, doubled or out of order',
          found: `${delivered.toLocaleString('en-US')} deliveries, ${violations} violations`,
          ok: violations === 0 && delivered > 0,
        },
      ],
    };
  },
};

/** The load tester as a process of its own; what it prints goes to ours. That it finds fault is a figure, no failure. */
async function runLoad(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'load/main.ts'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 && code !== 1) throw new Error(`the load tester ended with code ${code ?? 'none'}`);
}

interface LoadReport {
  readonly connected: number;
  readonly connectsPerSecond: number;
  readonly counters: { readonly deliveries?: number };
  readonly latencies: { readonly delivery?: { readonly p50: number; readonly p99: number } };
  readonly check: { readonly violations: Readonly<Record<string, number>> };
}

function readReport(text: string): Figures {
  const report = JSON.parse(text) as LoadReport;
  const { connected, connectsPerSecond, counters, latencies, check } = report;
  return {
    ...{ connected, connectsPerSecond, delivered: counters.deliveries ?? NaN },
    violations: Object.values(check.violations).reduce((sum, count) => sum + count, 0),
    ...{ p50: latencies.delivery?.p50 ?? NaN, p99: latencies.delivery?.p99 ?? NaN },
  };
}
