import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { createApiMetrics, registerApiGauges } from '../../../api/metrics.ts';
import { createGatewayMetrics, registerGauges } from '../../../gateway/metrics.ts';
import { createRegistry } from '../../../shared/node/metrics.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');

interface Row {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

/** The metrics of the table below `### title`. */
function documented(title: string): Row[] {
  const start = text.indexOf(`\n### ${title}\n`);
  expect(start, title).to.be.greaterThan(-1);
  const end = text.indexOf('\n##', start + 5);
  const rows = text.slice(start, end).matchAll(/^\| `(\w+)` \| (\w+)([^|]*) \| (.+) \|$/gm);
  return [...rows].map(([, name = '', type = '', labels = '']) => ({
    ...{ name, type },
    labels: [...labels.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? ''),
  }));
}

/** The metrics that a process registers. */
async function registered(registry: Registry): Promise<Row[]> {
  return await Promise.all(
    registry.getMetricsAsArray().map(async (metric) => {
      const { name } = metric;
      const { type } = await registry.getSingleMetric(name)!.get();
      const labels: unknown = Reflect.get(metric, 'labelNames');
      return { name, type: String(type), labels: Array.isArray(labels) ? labels.map(String) : [] };
    }),
  );
}

const byName = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));

describe('the metrics in docs/operations.md', () => {
  it('are those of a gateway, with their types and labels', async () => {
    const registry = new Registry();
    createGatewayMetrics(registry);
    registerGauges(registry, {
      sockets: () => 0,
      channels: () => 0,
      ringBytes: () => 0,
      queuedSends: () => 0,
      sendQueueAgeMs: () => 0,
      sendRequests: () => 0,
      flushWindowMs: () => 0,
      roomsBehind: () => 0,
      isRedisUp: () => true,
      apiNodes: () => 0,
    });
    expect(byName(documented('Gateways'))).to.deep.equal(byName(await registered(registry)));
  });

  it('are those of an API node, with their types and labels', async () => {
    const registry = new Registry();
    createApiMetrics(registry);
    registerApiGauges(registry, {
      queue: () => ({ entries: 0, bytes: 0, ageMs: 0 }),
      batches: () => 0,
      sends: () => 0,
      unpublished: () => 0,
      transfers: () => ({ uploads: 0, downloads: 0 }),
      passwords: () => 0,
      requests: () => ({ count: 0, bytes: 0 }),
      isRedisUp: () => true,
      isStoreUp: () => true,
      search: () => ({ waiting: 0, lag: 0, indexed: 0 }),
      caches: () => ({}),
    });
    expect(byName(documented('API nodes'))).to.deep.equal(byName(await registered(registry)));
  });

  it('are never labelled by room or user', () => {
    const labels = [...documented('Gateways'), ...documented('API nodes')].flatMap((row) => row.labels);
    expect(labels).not.to.include.oneOf(['room', 'user', 'session', 'url', 'ip']);
  });

  it('in queries and alerts are ones that there are', () => {
    const defaults = createRegistry('test')
      .getMetricsAsArray()
      .map(({ name }) => name);
    const known = new Set([
      ...[...documented('Gateways'), ...documented('API nodes')].map(({ name }) => name),
      ...defaults,
    ]);
    const start = text.indexOf('\n### Queries and alerts\n');
    const section = text.slice(start, text.indexOf('\n## ', start));
    const named = [...section.matchAll(/\b(?:parley|nodejs)_\w+/g)].map(([name]) => name);
    expect(named).to.have.length.greaterThan(10);
    const unknown = named.filter(
      (name) => !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(unknown).to.deep.equal([]);
  });
});
