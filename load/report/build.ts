import { VIOLATIONS } from '../check/findings.ts';
import type { Conductor, Judged } from '../conductor.ts';
import { machineOf } from '../machine.ts';
import type { LoadOptions } from '../options.ts';
import type { Usage } from '../processes.ts';
import type { Recorder } from '../recorder.ts';
import type { Stage } from '../setup.ts';
import { judge } from '../verdict.ts';
import { LATENCIES } from '../worker/tally.ts';
import { REPORT_VERSION, type Report } from './model.ts';

export interface ReportParts {
  readonly options: LoadOptions;
  readonly stage: Stage;
  readonly recorder: Recorder;
  readonly conductor: Pick<Conductor, 'phases' | 'steps'>;
  readonly judged: Judged;
  readonly startedAt: Date;
  readonly stoppedEarly: boolean;
  readonly connected: number;
  readonly connectSeconds: number;
  readonly sendSeconds: number;
  /** Only of a search. */
  readonly sustainable: number | undefined;
  /** What processes had used before the first send and after the last delivery, and the deliveries between. */
  readonly usage: {
    readonly before: ReadonlyMap<string, Usage>;
    readonly after: ReadonlyMap<string, Usage>;
    readonly deliveries: number;
  };
}

/** What was recorded and judged, as a report. */
export function buildReport(parts: ReportParts): Report {
  const { options, stage, recorder, conductor, judged, sustainable, connected, connectSeconds } = parts;
  const { found, open, away, acked, views, settledMs } = judged;
  const { counters } = recorder.total;
  const latencies = LATENCIES.map((name) => [name, recorder.total.spread(name)] as const);
  const delivery = recorder.total.spread('delivery');
  const verdict = judge({ options, found, counters, delivery, open, away, connected, sustainable });
  return {
    ...{ schema: 'parley-load', version: REPORT_VERSION, startedAt: parts.startedAt.toISOString() },
    ...{ seconds: recorder.elapsed, stoppedEarly: parts.stoppedEarly, options },
    machine: machineOf(stage.machine),
    layout: { users: options.users, rooms: stage.rooms.length, audience: round(stage.layout.audience) },
    verdict: { ...verdict, errorPercent: round(verdict.errorPercent) },
    ...{ connected, connectsPerSecond: round(connected / Math.max(0.1, connectSeconds)) },
    ...{ sendSeconds: round(parts.sendSeconds), counters },
    latencies: Object.fromEntries(latencies) as Report['latencies'],
    check: {
      ...{ acked, views, open, away, settledMs, violations: found.counts, unjudged: found.unjudged },
      examples: VIOLATIONS.flatMap((kind) => found.examples[kind].map((example) => `${kind}: ${example}`)),
    },
    errors: Object.fromEntries(recorder.errors),
    closes: Object.fromEntries(recorder.closes),
    cpuPerDelivery: perDelivery(parts.usage),
    testerLag: lagSince(recorder, connectSeconds + 1),
    ...(sustainable === undefined ? {} : { sustainable, steps: conductor.steps }),
    ...{ phases: conductor.phases, samples: recorder.samples },
  };
}

/** ms: the longest delay of a worker after that second of the run. */
const lagSince = ({ samples }: Recorder, second: number): number =>
  samples.reduce((most, { t, lag }) => (t > second ? Math.max(most, lag) : most), 0);

/** µs of CPU of each process. */
function perDelivery({ before, after, deliveries }: ReportParts['usage']): Record<string, number> {
  if (deliveries === 0) return {};
  const shares = [...after].map(
    ([name, { cpu }]) => [name, round(((cpu - (before.get(name)?.cpu ?? 0)) / deliveries) * 1e6)] as const,
  );
  // A process that was started again meanwhile has no meaningful share.
  return Object.fromEntries(shares.filter(([, share]) => share >= 0));
}

const round = (value: number): number => Math.round(value * 100) / 100;
