import { VIOLATIONS, type FoundViolations } from './check/findings.ts';
import type { LoadOptions } from './options.ts';
import { duration, thousands } from './progress.ts';
import type { Spread } from './recorder.ts';
import type { Counters } from './worker/tally.ts';

/** What a run is judged by. */
export interface Evidence {
  readonly options: Pick<LoadOptions, 'connections' | 'limitP99' | 'limitErrors' | 'findMax'>;
  readonly found: FoundViolations;
  readonly counters: Counters;
  readonly delivery: Spread;
  /** Sends without an answer at the end. */
  readonly open: number;
  /** Sockets that are not ready at the end. */
  readonly away: number;
  /** Sockets that were ready when the ramp was over. */
  readonly connected: number;
  /** undefined unless somebody asked for it. */
  readonly sustainable: number | undefined;
}

export interface Verdict {
  readonly ok: boolean;
  /** Why not, one sentence each. */
  readonly reasons: readonly string[];
  /** Of the intended sends, in percent. */
  readonly errorPercent: number;
}

/** Sends that failed: refused, left out, or unanswered. */
export function errorPercent(counters: Counters, open: number): number {
  const failed = counters.refused + counters.notSent + open;
  return counters.intended === 0 ? 0 : (failed / counters.intended) * 100;
}

/** Correct and within limits, or why not. */
export function judge(evidence: Evidence): Verdict {
  const { options, found, counters, delivery, open, away, connected, sustainable } = evidence;
  const percent = errorPercent(counters, open);
  const reasons = [
    ...VIOLATIONS.filter((kind) => found.counts[kind] > 0).map(
      (kind) => `${thousands(found.counts[kind])} ${kind}: ${found.examples[kind][0] ?? ''}`,
    ),
    ...(connected < options.connections
      ? [`only ${thousands(connected)} of ${thousands(options.connections)} sockets were connected`]
      : []),
    ...(away > 0 ? [`${thousands(away)} sockets were away at the end`] : []),
    ...(counters.barred > 0 ? [`${thousands(counters.barred)} sockets were closed for good`] : []),
    ...(counters.missingRooms > 0
      ? [`${thousands(counters.missingRooms)} times a room was missing in ready: try --fresh`]
      : []),
    ...(options.findMax ? searched(sustainable) : withinLimits(options, percent, delivery)),
  ];
  return { ok: reasons.length === 0, reasons, errorPercent: percent };
}

const searched = (sustainable: number | undefined): string[] =>
  sustainable === undefined || sustainable === 0 ? ['no rate held the limits'] : [];

function withinLimits(options: Evidence['options'], percent: number, delivery: Spread): string[] {
  const { limitErrors, limitP99 } = options;
  return [
    ...(percent > limitErrors
      ? [`${percent.toFixed(2)} % of the sends failed, ${limitErrors} % are allowed`]
      : []),
    ...(limitP99 !== undefined && delivery.p99 > limitP99
      ? [`the 99th percentile of delivery is ${duration(delivery.p99)}, ${duration(limitP99)} is allowed`]
      : []),
  ];
}
