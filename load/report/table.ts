import { VIOLATIONS } from '../check/findings.ts';
import { duration, thousands } from '../progress.ts';
import type { Spread } from '../recorder.ts';
import type { Report } from './model.ts';

export type Row = readonly [name: string, value: string];
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const MEGABYTE = 1024 * 1024;

/** A run's figures in words, for the terminal and the page. */
export function sectionsOf(report: Report): Section[] {
  const sections = [traffic(report), latencies(report), correctness(report), troubles(report), costs(report)];
  return sections.filter(({ rows }) => rows.length > 0);
}

export function verdictLine({ verdict, stoppedEarly, options, sustainable }: Report): string {
  const early = stoppedEarly ? ', stopped early' : '';
  if (!verdict.ok) return `FAILED${early}`;
  if (options.findMax && sustainable !== undefined)
    return `CORRECT${early}: ${thousands(sustainable)} messages/s held`;
  return `CORRECT${early}: nothing lost, doubled or out of order, within limits`;
}

/** All of it as the terminal shows it. */
export function renderTable(report: Report): string {
  const sections = sectionsOf(report);
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(([name]) => name.length)));
  const lines = sections.flatMap(({ title, rows }) => [
    `\n${title}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
  ]);
  const reasons = report.verdict.reasons.map((reason) => `  - ${reason}`);
  return [...lines, '', verdictLine(report), ...reasons].join('\n');
}

function traffic(report: Report): Section {
  const { counters, sendSeconds, connected, connectsPerSecond, options } = report;
  const perSecond = (count: number): string =>
    `${thousands(count)} (${thousands(count / Math.max(1, sendSeconds))}/s)`;
  return {
    title: 'Traffic',
    rows: [
      [
        'sockets',
        `${thousands(connected)} of ${thousands(options.connections)}, ${thousands(connectsPerSecond)}/s`,
      ],
      ...(counters.intended === 0
        ? []
        : ([
            ['messages sent', perSecond(counters.sent)],
            ['acknowledged', perSecond(counters.acked)],
            ['deliveries', perSecond(counters.deliveries)],
          ] as const)),
      ...(report.sustainable === undefined
        ? []
        : [['sustainable', `${thousands(report.sustainable)} messages/s`] as const]),
    ],
  };
}

function latencies({ latencies: all }: Report): Section {
  const names = [
    ['delivery', 'delivery, from the intended time'],
    ['ack', 'ack, from the intended time'],
    ['connect', 'connect (TCP, TLS, upgrade)'],
    ['ready', 'connect until ready'],
    ['back', 'cut until ready again'],
    ['caughtUp', 'cut until caught up'],
  ] as const;
  const rows = names.flatMap(([name, title]): Row[] =>
    all[name].count === 0 ? [] : [[title, told(all[name])]],
  );
  return { title: 'Latency', rows };
}

const told = ({ p50, p90, p99, p999, max }: Spread): string =>
  `p50 ${duration(p50)} · p90 ${duration(p90)} · p99 ${duration(p99)} · p99.9 ${duration(p999)} · max ${duration(max)}`;

function correctness({ check, counters }: Report): Section {
  const wrong = VIOLATIONS.map((kind) => `${thousands(check.violations[kind])} ${kind}`).join(' · ');
  return {
    title: 'Correctness',
    rows: [
      [
        'views judged',
        `${thousands(check.views)} (socket, room) pairs, ${thousands(check.acked)} acknowledged messages`,
      ],
      ['found', wrong],
      ['everything delivered', `${duration(check.settledMs)} after the last answer`],
      ...(check.unjudged > 0 ? [['order not judged', `${thousands(check.unjudged)} numbers`] as const] : []),
      ...(counters.gaps + counters.repairs + counters.repeats > 0
        ? [
            [
              'repaired',
              `${thousands(counters.gaps)} gaps told, ${thousands(counters.repairs)} holes found, ${thousands(counters.logReads)} log reads; ${thousands(counters.repeats)} frames came twice`,
            ] as const,
          ]
        : []),
    ],
  };
}

function troubles({ counters, check, errors, closes, verdict }: Report): Section {
  const listed = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${thousands(count)}`)
      .join(' · ');
  const rows: [string, number | string][] = [
    ['failed sends', `${verdict.errorPercent} %`],
    ['refused', counters.refused],
    ['not sent (backlog full)', counters.notSent],
    ['unanswered at the end', check.open],
    ['sent again', counters.retried],
    ['failed connects', counters.failed],
    ['errors', listed(errors)],
    ['closes', listed(closes)],
  ];
  return {
    title: 'Trouble',
    rows: rows.flatMap(([name, value]): Row[] =>
      value === 0 || value === '' || value === '0 %'
        ? []
        : [[name, typeof value === 'number' ? thousands(value) : value]],
    ),
  };
}

function costs({ cpuPerDelivery, samples, testerLag }: Report): Section {
  const last = samples.at(-1)?.processes ?? {};
  const busy = new Map<string, number>();
  for (const { processes } of samples)
    for (const [name, { cpu }] of Object.entries(processes))
      busy.set(name, Math.max(busy.get(name) ?? 0, cpu));
  const rows = Object.entries(last).map(([name, { memory }]): Row => {
    const share = cpuPerDelivery[name];
    const each = share === undefined ? '' : `${share.toFixed(2)} µs CPU a delivery · `;
    return [name, `${each}at most ${busy.get(name) ?? 0} % of a core · ${thousands(memory / MEGABYTE)} MiB`];
  });
  const names = Object.keys(last).toSorted();
  const sorted = rows.toSorted(([a], [b]) => names.indexOf(a) - names.indexOf(b));
  return {
    title: 'Processes',
    rows: [...sorted, ["tester's longest event-loop delay", duration(testerLag)]],
  };
}
