import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../local/paths.ts';
import { duration, thousands } from '../progress.ts';
import type { Report } from './model.ts';
import { sectionsOf, verdictLine, type Section } from './table.ts';

/** The report as one page that needs nothing else: style, charts and data are in it. */
export async function renderPage(report: Report): Promise<string> {
  const read = (...path: string[]): Promise<string> => readFile(join(ROOT, ...path), 'utf8');
  const [plotStyle, plotCode, style, code] = await Promise.all([
    read('node_modules', 'uplot', 'dist', 'uPlot.min.css'),
    read('node_modules', 'uplot', 'dist', 'uPlot.iife.min.js'),
    read('load', 'report', 'page.css'),
    read('load', 'report', 'charts.js'),
  ]);
  const title = `Parley load: ${report.options.mix}, ${thousands(report.options.connections)} sockets`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${plotStyle}${style}</style>
</head>
<body>
<main>
${head(report)}
${tiles(report)}
${steps(report)}
${charts(report)}
<div class="tables">${sectionsOf(report).map(section).join('')}${settings(report)}</div>
</main>
<script type="application/json" id="report">${JSON.stringify(report).replaceAll('<', '\\u003c')}</script>
<script>${plotCode}</script>
<script>${code}</script>
</body>
</html>
`;
}

function head(report: Report): string {
  const { options, layout, machine, startedAt, verdict, check } = report;
  const reasons = [...verdict.reasons, ...check.examples.slice(0, 10)];
  return `<header>
<h1>Load test: ${escape(options.mix)}</h1>
<p>${escape(options.url)} · ${escape(startedAt.slice(0, 16).replace('T', ' '))} UTC · ${thousands(report.connected)} sockets of ${thousands(layout.users)} users in ${thousands(layout.rooms)} ${layout.rooms === 1 ? 'room' : 'rooms'} · ${options.findMax ? 'from ' : ''}${thousands(options.rate)} messages/s for ${Math.round(report.sendSeconds)} s</p>
<p>${escape(machine.cpu)}, ${machine.cores} cores, Node ${escape(machine.node.replace('v', ''))}; ${machine.processes} tester ${machine.processes === 1 ? 'process' : 'processes'}</p>
</header>
<div class="verdict ${verdict.ok ? 'good' : 'bad'}">${escape(verdictLine(report))}${
    reasons.length === 0 ? '' : `<ul>${reasons.map((reason) => `<li>${escape(reason)}</li>`).join('')}</ul>`
  }</div>`;
}

function tiles(report: Report): string {
  const { counters, latencies, sendSeconds, check } = report;
  const seconds = Math.max(1, sendSeconds);
  const wrong = Object.values(check.violations).reduce((sum, count) => sum + count, 0);
  const sends: [string, string][] = [
    [thousands(counters.deliveries / seconds), 'deliveries/s'],
    [thousands(counters.acked / seconds), 'messages acknowledged/s'],
    [duration(latencies.delivery.p50), 'delivery, median'],
    [duration(latencies.delivery.p99), 'delivery, 99th percentile'],
  ];
  const all: [string, string][] = [
    ...(report.sustainable === undefined
      ? []
      : ([[thousands(report.sustainable), 'messages/s sustainable']] as [string, string][])),
    ...(counters.intended === 0 ? [] : sends),
    [thousands(report.connected), 'sockets'],
    [thousands(report.connectsPerSecond), 'connects/s'],
    [thousands(wrong), 'lost, doubled, out of order'],
  ];
  return `<div class="tiles">${all
    .map(([value, name]) => `<div class="tile"><b>${escape(value)}</b><span>${escape(name)}</span></div>`)
    .join('')}</div>`;
}

function charts({ counters, samples }: Report): string {
  const sends: [string, string, string][] = [
    ['delivery', 'Delivery latency', 'from the intended time of the send to each socket; logarithmic'],
    ['ack', 'Ack latency', 'from the intended time of the send to its ack; logarithmic'],
    ['deliveries', 'Deliveries', ''],
    ['messages', 'Messages', ''],
  ];
  const all: [string, string, string][] = [
    ...(counters.intended === 0 ? [] : sends),
    ['connections', 'Connections', ''],
    ['errors', 'Errors', ''],
    ...(samples.some(({ processes }) => Object.keys(processes).length > 0)
      ? ([
          ['cpu', 'CPU', 'of one core, each process with those it started'],
          ['memory', 'Memory', 'resident; what processes share counts for each'],
        ] as [string, string, string][])
      : []),
    [
      'lag',
      'The tester itself',
      'how late its event loops were; above 50 ms latencies say more of it than of the target',
    ],
  ];
  const isOdd = all.length % 2 === 1;
  return `<div class="charts">${all
    .map(
      ([name, title, note], i) =>
        `<section class="card${isOdd && i === all.length - 1 ? ' wide' : ''}"><h2>${title}</h2>${note === '' ? '' : `<p class="note">${note}</p>`}<div data-chart="${name}"></div></section>`,
    )
    .join('')}</div>`;
}

const section = ({ title, rows }: Section): string =>
  `<section class="card wide"><h2>${escape(title)}</h2><table class="rows">${rows
    .map(([name, value]) => `<tr><th>${escape(name)}</th><td>${escape(value)}</td></tr>`)
    .join('')}</table></section>`;

function steps({ steps: all }: Report): string {
  if (all === undefined) return '';
  const rows = all.map(
    ({ rate, acked, deliveries, p50, p99, errors, ok, why }) =>
      `<tr><td>${thousands(rate)}</td><td>${thousands(acked)}</td><td>${thousands(deliveries)}</td><td>${duration(p50)}</td><td>${duration(p99)}</td><td>${errors.toFixed(1)} %</td><td class="why">${ok ? 'held' : escape(`broke: ${why}`)}</td></tr>`,
  );
  const head = ['asked/s', 'acked/s', 'deliveries/s', 'p50', 'p99', 'errors', ''];
  return `<div class="search"><section class="card wide"><h2>Search for the highest rate</h2><table class="rows grid"><thead><tr>${head.map((name) => `<th>${name}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></section></div>`;
}

function settings({ options }: Report): string {
  const list = Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== false && String(value) !== '')
    .map(([name, value]) => `${name} ${String(value)}`);
  return `<section class="card wide"><h2>Options</h2><div class="mono">${escape(list.join(' · '))}</div></section>`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
