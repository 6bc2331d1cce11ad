import { appendFile } from 'node:fs/promises';
import type { Evidence } from './evidence.ts';
import { percentile } from './figures.ts';
import { groupBy } from './group.ts';
import type { Violation } from './judge/index.ts';
import type { Options } from './options.ts';

/** What one run showed, in numbers. */
export interface Report {
  readonly seed: number;
  readonly minutes: number;
  readonly broken?: string;
  readonly messages: number;
  readonly acknowledged: number;
  readonly changes: number;
  readonly removals: number;
  readonly faults: number;
  /** By how: from the ring, fetched once for many, told as a gap, nothing missed. */
  readonly resumes: Readonly<Record<string, number>>;
  /** Numbers that gateways found missing by comparing positions. */
  readonly repaired: number;
  /** Gaps told to readers who then read the log. */
  readonly gaps: number;
  readonly reconnects: number;
  /** ms from a socket's opening until its reader had all that `ready` told of. */
  readonly caughtUp: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Seconds from the last fault until every view was right. */
  readonly settled: number;
  readonly violations: Readonly<Record<string, number>>;
}

export interface Measured {
  readonly faults: number;
  readonly removals: number;
  readonly counters: Readonly<Record<string, number>>;
  readonly gaps: number;
  readonly catchUps: readonly number[];
  /** ms. */
  readonly settled: number;
}

export function summarise(
  { seed, minutes, broken }: Options,
  evidence: Evidence,
  violations: readonly Violation[],
  measured: Measured,
): Report {
  const { counters, catchUps } = measured;
  const resumes = Object.entries(counters).filter(([name]) => name.startsWith('resumes '));
  const { acks, changes, sends } = evidence;
  const kinds = groupBy(violations, ({ kind }) => kind);
  const at = (share: number): number => Math.round(percentile(catchUps, share));
  return {
    ...{ seed, minutes, messages: sends.length },
    ...(broken === undefined ? {} : { broken }),
    acknowledged: new Set(acks.map(({ room, sender, clientId }) => `${room} ${sender} ${clientId}`)).size,
    changes: changes.filter(({ result }) => result.name === 'done').length,
    removals: measured.removals,
    faults: measured.faults,
    resumes: Object.fromEntries(resumes.map(([name, value]) => [name.slice('resumes '.length), value])),
    repaired: counters['repaired'] ?? 0,
    gaps: measured.gaps,
    reconnects: catchUps.length,
    caughtUp: { p50: at(0.5), p99: at(0.99), max: at(1) },
    settled: Math.round(measured.settled / 100) / 10,
    violations: Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length])),
  };
}

/** The report as lines of a table. */
export function table(report: Report): string {
  return Object.entries(report)
    .map(
      ([name, value]) => `  ${name.padEnd(13)} ${typeof value === 'object' ? inWords(value) : String(value)}`,
    )
    .join('\n');
}

const inWords = (value: object): string =>
  Object.entries(value)
    .map(([name, number]) => `${name} ${String(number)}`)
    .join(', ') || 'none';

/** Adds the report to a file, one line of JSON. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await appendFile(path, `${JSON.stringify(report)}\n`);
}
