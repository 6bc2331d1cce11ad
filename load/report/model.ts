import type { Violation } from '../check/findings.ts';
import type { Step } from '../find-max.ts';
import type { LoadOptions } from '../options.ts';
import type { Sample, Spread } from '../recorder.ts';
import type { Counters, LatencyName } from '../worker/tally.ts';

export const REPORT_VERSION = 1;

/** What a run gives: written as JSON, and shown by the table and the page. docs/load-testing.md describes it. */
export interface Report {
  readonly schema: 'parley-load';
  readonly version: typeof REPORT_VERSION;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly stoppedEarly: boolean;
  readonly options: LoadOptions;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memory: number;
    readonly node: string;
    readonly processes: number;
    readonly sources: number;
  };
  readonly layout: {
    readonly users: number;
    readonly rooms: number;
    /** Sockets that hear one message, on average. */
    readonly audience: number;
  };
  readonly verdict: {
    readonly ok: boolean;
    readonly reasons: readonly string[];
    readonly errorPercent: number;
  };
  readonly connected: number;
  /** Connections a second while they were opened, on average. */
  readonly connectsPerSecond: number;
  /** Seconds in which messages were sent. */
  readonly sendSeconds: number;
  readonly counters: Counters;
  /** ms. */
  readonly latencies: Readonly<Record<LatencyName, Spread>>;
  readonly check: {
    /** Messages that were acknowledged. */
    readonly acked: number;
    /** (socket, room) pairs. */
    readonly views: number;
    readonly violations: Readonly<Record<Violation, number>>;
    readonly examples: readonly string[];
    readonly unjudged: number;
    readonly open: number;
    readonly away: number;
    readonly settledMs: number;
  };
  readonly errors: Readonly<Record<string, number>>;
  readonly closes: Readonly<Record<string, number>>;
  /** µs of CPU for each delivery while messages were sent, by process. */
  readonly cpuPerDelivery: Readonly<Record<string, number>>;
  /** ms: the longest delay of a worker's event loop while messages were sent. */
  readonly testerLag: number;
  /** Only of a search. */
  readonly sustainable?: number;
  readonly steps?: readonly Step[];
  /** When what began, in seconds of the run. */
  readonly phases: readonly { readonly t: number; readonly name: string }[];
  readonly samples: readonly Sample[];
}
