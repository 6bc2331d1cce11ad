import { expect } from 'chai';
import { Findings } from '../../../load/check/findings.ts';
import { parseOptions } from '../../../load/options.ts';
import { Recorder } from '../../../load/recorder.ts';
import { buildReport, type ReportParts } from '../../../load/report/build.ts';
import type { Report } from '../../../load/report/model.ts';
import { renderPage } from '../../../load/report/page.ts';
import { renderTable } from '../../../load/report/table.ts';
import type { Stage } from '../../../load/setup.ts';
import { Tally } from '../../../load/worker/tally.ts';

/** Two seconds of a run, as two workers would tell of them. */
function recorded(): Recorder {
  const recorder = new Recorder(2);
  for (const second of [1, 2])
    for (const worker of [0, 1]) {
      const tally = new Tally();
      Object.assign(tally.count, { intended: 50, sent: 50, acked: 50, deliveries: 500 });
      for (let i = 0; i < 500; i++) tally.record('delivery', 10 * second);
      tally.record('ack', 5);
      tally.error('overloaded');
      tally.close(1006);
      recorder.tick({ type: 'tick', worker, connected: 10, backlog: 1, lag: 3, ...tally.take() });
    }
  recorder.sample(new Map([['gateway-1', { cpu: 1, memory: 50e6 }]]));
  return recorder;
}

function report(changes: Partial<ReportParts> = {}): Report {
  const options = parseOptions(['--connections', '20', '--users', '10']);
  if (options === 'help') throw new Error('help');
  const machine = { processes: 2, cores: 2, files: 1_000, sources: [], address: undefined };
  return buildReport({
    ...{ options, recorder: recorded(), startedAt: new Date(0), stoppedEarly: false },
    stage: { machine, rooms: ['r'], layout: { audience: 10 } } as unknown as Stage,
    conductor: { phases: [{ t: 0, name: 'connect' }], steps: [] },
    judged: { found: new Findings().told(), views: 20, acked: 200, open: 0, away: 0, settledMs: 12 },
    ...{ connected: 20, connectSeconds: 1, sendSeconds: 2, sustainable: undefined },
    usage: {
      before: new Map([['gateway-1', { cpu: 1, memory: 1 }]]),
      after: new Map([['gateway-1', { cpu: 1.002, memory: 1 }]]),
      deliveries: 2_000,
    },
    ...changes,
  });
}

describe('a report', () => {
  it('adds up what the workers told', () => {
    const { counters, latencies, errors, closes, cpuPerDelivery, verdict } = report();
    expect(counters).to.include({ intended: 200, acked: 200, deliveries: 2_000 });
    expect(latencies.delivery).to.include({ count: 2_000 });
    expect(latencies.delivery.p50).to.be.closeTo(10, 0.2);
    expect(latencies.delivery.p99).to.be.closeTo(20, 0.4);
    expect({ errors, closes }).to.deep.equal({ errors: { overloaded: 4 }, closes: { 1006: 4 } });
    expect(cpuPerDelivery).to.deep.equal({ 'gateway-1': 1 });
    expect(verdict).to.deep.equal({ ok: true, reasons: [], errorPercent: 0 });
  });

  it('says in one sentence each why a run failed', () => {
    const findings = new Findings();
    findings.add('lost', 'room 7 is not in the view of socket 1');
    const judged = { found: findings.told(), views: 20, acked: 200, open: 4, away: 1, settledMs: 12 };
    const failed = report({ judged, connected: 19 });
    expect(failed.verdict.ok).to.equal(false);
    expect(failed.verdict.reasons).to.deep.equal([
      '1 lost: room 7 is not in the view of socket 1',
      'only 19 of 20 sockets were connected',
      '1 sockets were away at the end',
      '2.00 % of the sends failed, 1 % are allowed',
    ]);
    expect(renderTable(failed)).to.match(/FAILED\n {2}- 1 lost/);
  });

  it('fails a run that breaks its limit of latency', () => {
    const options = parseOptions(['--connections', '20', '--users', '10', '--limit-p99', '15']);
    if (options === 'help') throw new Error('help');
    expect(report({ options }).verdict.reasons).to.deep.equal([
      'the 99th percentile of delivery is 20 ms, 15 ms is allowed',
    ]);
  });

  it('is a table that fits a terminal', () => {
    const text = renderTable(report());
    expect(text).to.match(/deliveries +2,000 \(1,000\/s\)/);
    expect(text).to.match(/CORRECT: nothing lost/);
    for (const line of text.split('\n')) expect(line.length, line).to.be.below(140);
  });

  it('is a page that loads nothing from elsewhere', async () => {
    const made = report();
    const page = await renderPage(made);
    expect(page).to.match(/^<!doctype html>/);
    expect(page).not.to.match(/<(?:script|link|img|iframe)[^>]*\s(?:src|href)=/);
    expect(page).not.to.match(/@import|url\((?!["']?data:)/);
    expect(page).not.to.match(/\b(?:fetch|XMLHttpRequest|import)\s*\(/);
    const json = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    expect(JSON.parse(json)).to.deep.equal(JSON.parse(JSON.stringify(made)) as unknown);
  });

  it('is a page in which a text cannot become markup', async () => {
    const findings = new Findings();
    findings.add('lost', '</script><script>alert(1)</script>');
    const judged = { found: findings.told(), views: 1, acked: 1, open: 0, away: 0, settledMs: 1 };
    expect(await renderPage(report({ judged }))).not.to.include('<script>alert');
  });

  it('shows the steps of a search', async () => {
    const step = { rate: 150, acked: 150, deliveries: 1_500, p50: 3, p99: 9, errors: 0, ok: true, why: '' };
    const options = parseOptions(['--connections', '20', '--users', '10', '--find-max']);
    if (options === 'help') throw new Error('help');
    const found = report({ options, sustainable: 150, conductor: { phases: [], steps: [step] } });
    expect(found.verdict.ok).to.equal(true);
    expect(await renderPage(found)).to.include('Search for the highest rate');
    expect(renderTable(found)).to.match(/150 messages\/s held/);
  });
});
