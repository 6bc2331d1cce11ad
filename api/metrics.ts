import { Counter, Histogram, type Registry } from 'prom-client';
import { type Distribution, Distributions } from '../shared/node/distribution.ts';
import { registerCount, registerGauge } from '../shared/node/metrics.ts';
import { attachmentObserver } from './metrics-attachments.ts';
import type { Observer } from './services/observer.ts';
import type { IndexerState } from './services/search/indexer.ts';

/** Seconds; up to a second, within which a send is answered, closely. */
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10];

/** An API node's own metrics. No label names a room or a user. */
export interface ApiMetrics {
  readonly internalCalls: Counter<'path'>;
  readonly observer: Observer;
  readonly requests: Histogram<'route' | 'status'>;
}

/** What is read when the metrics are. */
export interface ApiGauges {
  readonly queue: () => { readonly entries: number; readonly bytes: number; readonly ageMs: number };
  readonly batches: () => number;
  readonly sends: () => number;
  readonly unpublished: () => number;
  readonly passwords: () => number;
  readonly transfers: () => { readonly uploads: number; readonly downloads: number };
  readonly requests: () => { readonly count: number; readonly bytes: number };
  readonly isRedisUp: () => boolean;
  readonly isStoreUp: () => boolean;
  readonly search: () => IndexerState;
  readonly caches: () => Readonly<Record<string, { readonly hits: number; readonly misses: number }>>;
}

export function createApiMetrics(registry: Registry): ApiMetrics {
  const registers = [registry];
  return {
    internalCalls: new Counter({
      name: 'parley_internal_calls_total',
      help: 'Calls of gateways, by path',
      labelNames: ['path'],
      registers,
    }),
    requests: new Histogram({
      name: 'parley_http_request_seconds',
      help: 'Requests to the public API, by route and class of status',
      labelNames: ['route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    observer: createObserver(registry),
  };
}

function createObserver(registry: Registry): Observer {
  const registers = [registry];
  const batch = new Histogram({
    name: 'parley_append_batch_entries',
    help: 'Entries of one insert into the log',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
    registers,
  });
  const step = new Histogram({
    name: 'parley_append_step_seconds',
    help: 'What a batch of entries waits for: numbers, insert, publish',
    labelNames: ['step'],
    buckets: SECONDS,
    registers,
  });
  const sent = new Distributions({
    name: 'parley_send_accept_seconds',
    help: 'From the acceptance of a send to its answer, by way and outcome',
    labelNames: ['via', 'outcome'],
    buckets: SECONDS,
    registry,
  });
  const ways = { rest: new Map<string, Distribution>(), socket: new Map<string, Distribution>() };
  const sentBy = (via: 'rest' | 'socket', outcome: string): Distribution => {
    const series = sent.with({ via, outcome });
    ways[via].set(outcome, series);
    return series;
  };
  const voids = new Counter({ name: 'parley_voids_total', help: 'Numbers that came to nothing', registers });
  const refused = new Counter({
    name: 'parley_refused_total',
    help: 'Sends and reads turned away or given up, by reason',
    labelNames: ['reason'],
    registers,
  });
  return {
    batch: (entries) => batch.observe(entries),
    took: (name, ms) => step.observe({ step: name }, ms / 1_000),
    voided: (numbers) => voids.inc(numbers),
    sent: (via, outcome, ms) => (ways[via].get(outcome) ?? sentBy(via, outcome)).observe(ms / 1_000),
    refused: (reason) => refused.inc({ reason }),
    ...attachmentObserver(registry),
  };
}

export function registerApiGauges(registry: Registry, gauges: ApiGauges): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    registerGauge(registry, name, help, read);
  gauge('parley_append_queue_entries', 'Entries waiting for a batch', () => gauges.queue().entries);
  gauge('parley_append_queue_bytes', 'Bytes they count for', () => gauges.queue().bytes);
  gauge('parley_append_queue_age_seconds', 'Wait of the oldest of them', () => gauges.queue().ageMs / 1_000);
  gauge('parley_append_batches', 'Batches under way', gauges.batches);
  gauge('parley_sends', 'Sends whose work is under way, answered or not', gauges.sends);
  gauge('parley_unpublished_rooms', 'Rooms with entries that Redis has not taken yet', gauges.unpublished);
  gauge('parley_passwords_queued', 'Hashings of passwords that wait', gauges.passwords);
  gauge('parley_uploads', 'Files that come in at the moment', () => gauges.transfers().uploads);
  gauge('parley_downloads', 'Files that go out at the moment', () => gauges.transfers().downloads);
  gauge('parley_http_requests', 'Requests to the public API under way', () => gauges.requests().count);
  gauge('parley_http_body_bytes', 'Announced bytes of their bodies', () => gauges.requests().bytes);
  gauge('parley_redis_up', '1 while Redis answers', () => Number(gauges.isRedisUp()));
  gauge('parley_store_up', '0 while the store is silent and sends are refused', () =>
    Number(gauges.isStoreUp()),
  );
  gauge(
    'parley_search_waiting_rooms',
    'Rooms that wait to be indexed for search, as the node sees them that indexes',
    () => gauges.search().waiting,
  );
  gauge(
    'parley_search_lag_seconds',
    'How long the first of them has waited',
    () => gauges.search().lag / 1_000,
  );
  registerCount(
    registry,
    'parley_search_indexed_total',
    'Messages indexed for search',
    () => gauges.search().indexed,
  );
  registerCaches(registry, gauges.caches);
}

/** Counted by the caches themselves, where a look must cost nothing. */
function registerCaches(registry: Registry, read: ApiGauges['caches']): void {
  new Counter({
    name: 'parley_cache_reads_total',
    help: 'Looks into caches, by cache and whether it knew',
    labelNames: ['cache', 'result'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [cache, { hits, misses }] of Object.entries(read())) {
        this.inc({ cache, result: 'hit' }, hits);
        this.inc({ cache, result: 'miss' }, misses);
      }
    },
  });
}
