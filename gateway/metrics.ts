import { Counter, type Registry } from 'prom-client';
import { type Distribution, Distributions } from '../shared/node/distribution.ts';
import { registerCount, registerGauge } from '../shared/node/metrics.ts';

/** The gateway's own metrics. No label names a room or a user. */
export interface GatewayMetrics {
  /** Added to with every message, read when the metrics are. */
  readonly counts: { deliveries: number; flushes: number };
  readonly flushWrites: Distribution;
  readonly resumes: Counter<'kind'>;
  readonly slowReaders: Counter;
  readonly closes: Counter<'code'>;
  readonly refusedUpgrades: Counter;
  readonly shed: Counter<'reason'>;
  readonly apiCalls: Counter<'call'>;
  readonly repaired: Counter;
  readonly sendSeconds: Readonly<Record<'ack' | 'error', Distribution>>;
  readonly sendBatch: Distribution;
}

/** What is read when the metrics are. */
export interface GatewayGauges {
  readonly sockets: () => number;
  readonly channels: () => number;
  readonly ringBytes: () => number;
  readonly queuedSends: () => number;
  readonly sendQueueAgeMs: () => number;
  readonly sendRequests: () => number;
  readonly flushWindowMs: () => number;
  readonly roomsBehind: () => number;
  readonly isRedisUp: () => boolean;
  readonly apiNodes: () => number;
}

export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const labelled = <T extends string>(name: string, help: string, label: T): Counter<T> =>
    new Counter({ name, help, labelNames: [label], registers });
  const counts = { deliveries: 0, flushes: 0 };
  registerCount(
    registry,
    'parley_deliveries_total',
    'Room frames given to local members',
    () => counts.deliveries,
  );
  registerCount(registry, 'parley_flushes_total', 'Socket writes', () => counts.flushes);
  const sendSeconds = new Distributions({
    name: 'parley_send_seconds',
    help: 'From a send frame to its answer',
    labelNames: ['outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 10],
    registry,
  });
  return {
    counts,
    flushWrites: new Distributions({
      name: 'parley_flush_writes',
      help: 'Socket writes of one flush',
      buckets: [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000],
      registry,
    }).with(),
    sendBatch: new Distributions({
      name: 'parley_send_batch_sends',
      help: 'Sends in one request to the API',
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
      registry,
    }).with(),
    sendSeconds: {
      ack: sendSeconds.with({ outcome: 'ack' }),
      error: sendSeconds.with({ outcome: 'error' }),
    },
    resumes: labelled('parley_resumes_total', 'Rooms resumed, by how: ring, fetch, gap, none', 'kind'),
    slowReaders: counter('parley_slow_readers_total', 'Sockets closed because they read too slowly'),
    closes: labelled('parley_closes_total', 'Sockets this gateway closed, by close code', 'code'),
    refusedUpgrades: counter(
      'parley_refused_upgrades_total',
      'Connections refused with 429: too many from one address',
    ),
    shed: labelled(
      'parley_shed_total',
      'Typing, presence and receipts dropped, by what was overloaded: reader (a frame of one socket), gateway',
      'reason',
    ),
    apiCalls: labelled('parley_api_calls_total', 'Requests to the internal API, by call', 'call'),
    repaired: counter('parley_repaired_total', 'Numbers fetched and forwarded because Redis lost them'),
  };
}

export function registerGauges(registry: Registry, gauges: GatewayGauges): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    registerGauge(registry, name, help, read);
  gauge('parley_sockets', 'Open sockets', gauges.sockets);
  gauge('parley_channels', 'Subscribed channels', gauges.channels);
  gauge('parley_ring_bytes', 'Bytes kept for resuming readers', gauges.ringBytes);
  gauge('parley_queued_sends', 'Sends waiting for a request to the API', gauges.queuedSends);
  gauge('parley_send_queue_age_seconds', 'Wait of the oldest of them', () => gauges.sendQueueAgeMs() / 1_000);
  gauge('parley_send_requests', 'Requests with sends under way', gauges.sendRequests);
  gauge(
    'parley_flush_window_seconds',
    'Wait before the next flush, so that frames gather',
    () => gauges.flushWindowMs() / 1_000,
  );
  gauge('parley_rooms_behind', 'Rooms found behind their counter by the last check', gauges.roomsBehind);
  gauge('parley_redis_up', '1 while Redis answers', () => Number(gauges.isRedisUp()));
  gauge('parley_api_nodes', 'API nodes that did not fail lately', gauges.apiNodes);
}
