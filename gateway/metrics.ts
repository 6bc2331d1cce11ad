import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The gateway's own metrics. No label names a room or a user. */
export interface GatewayMetrics {
  readonly deliveries: Counter;
  readonly flushes: Counter;
  readonly resumes: Counter<'kind'>;
  readonly slowReaders: Counter;
  readonly closes: Counter<'code'>;
  readonly shed: Counter<'reason'>;
  readonly apiCalls: Counter<'call'>;
  readonly repaired: Counter;
  readonly sendSeconds: Histogram<'outcome'>;
}

/** What is read when the metrics are. */
export interface GatewayGauges {
  readonly sockets: () => number;
  readonly channels: () => number;
  readonly ringBytes: () => number;
  readonly queuedSends: () => number;
  readonly apiNodes: () => number;
}

export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const labelled = <T extends string>(name: string, help: string, label: T): Counter<T> =>
    new Counter({ name, help, labelNames: [label], registers });
  return {
    deliveries: counter('parley_deliveries_total', 'Room frames given to local members'),
    flushes: counter('parley_flushes_total', 'Socket writes'),
    resumes: labelled('parley_resumes_total', 'Rooms resumed, by how: ring, fetch, gap, none', 'kind'),
    slowReaders: counter('parley_slow_readers_total', 'Sockets closed because they read too slowly'),
    closes: labelled('parley_closes_total', 'Sockets this gateway closed, by close code', 'code'),
    shed: labelled(
      'parley_shed_total',
      'Typing, presence and receipts dropped, by what was overloaded: reader (a frame of one socket), gateway',
      'reason',
    ),
    apiCalls: labelled('parley_api_calls_total', 'Requests to the internal API, by call', 'call'),
    repaired: counter('parley_repaired_total', 'Numbers fetched and forwarded because Redis lost them'),
    sendSeconds: new Histogram({
      name: 'parley_send_seconds',
      help: 'From a send frame to its answer',
      labelNames: ['outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}

export function registerGauges(registry: Registry, gauges: GatewayGauges): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('parley_sockets', 'Open sockets', gauges.sockets);
  gauge('parley_channels', 'Subscribed channels', gauges.channels);
  gauge('parley_ring_bytes', 'Bytes kept for resuming readers', gauges.ringBytes);
  gauge('parley_queued_sends', 'Sends waiting for a request to the API', gauges.queuedSends);
  gauge('parley_api_nodes', 'API nodes that did not fail lately', gauges.apiNodes);
}
