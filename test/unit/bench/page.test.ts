import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { renderPage } from '../../../bench/report/page.ts';
import { readResults, writeResults, type Results, type Section } from '../../../bench/report/results.ts';
import { renderOutcome } from '../../../bench/report/summary.ts';

const outcome = {
  columns: ['', 'CPU per delivery'],
  rows: [
    ['Parley', '1.00 µs'],
    ['Socket.IO', '6.20 µs'],
  ],
  verdicts: [
    { claim: 'at most 0.25×', found: '0.16×', ok: true },
    { claim: 'p99 at most 60 ms', found: '98 ms', ok: false },
  ],
};
const circumstances = {
  at: '2026-11-21T12:00:00.000Z',
  command: 'npm run bench -- --runs 3 --seconds 8',
  machine: {
    ...{ cores: 2, cpu: 'Some CPU', memoryGiB: 23, node: 'v20.20.2', kernel: 'linux 6.1' },
    ...{ redis: '7.0.15', store: 'DocumentDB 1.0' },
  },
};
const section = (title: string): Section => ({
  ...{ title, about: 'What was done.', runs: 3, seconds: 8, outcome },
  ...circumstances,
});
const results: Results = {
  version: 1,
  sections: { sends: section('Sends'), 'fan-out-1': section('One large room') },
};

describe('docs/benchmarks.md as it is written', () => {
  it('has the sections that were measured, in order, with targets and machine', () => {
    const page = renderPage(results, '');
    expect([...page.matchAll(/^## (.*)$/gm)].map((m) => m[1])).to.deep.equal([
      'What is compared',
      'How it is measured',
      'One large room',
      'Sends',
    ]);
    expect(page).to.contain('| Parley | 1.00 µs |');
    expect(page)
      .to.contain('| at most 0.25× | 0.16× | ✓ |')
      .and.to.contain('| p99 at most 60 ms | 98 ms | ✗ |');
    expect(page).to.contain('2 cores of Some CPU, 23 GiB, linux 6.1, Node v20.20.2');
  });

  it('shows where the time went', () => {
    const tables = [{ title: 'A gateway', busy: 0.9, rows: [{ name: 'ws', share: 0.25 }] }];
    const page = renderPage({ ...results, profile: { tables, ...circumstances } }, '');
    expect(page).to.contain('### A gateway').and.to.contain('| ws | 25.0 % |');
  });

  it('keeps what was written by hand', () => {
    const hand = '<!-- by hand: begin -->\n## In a browser\n\n60 frames a second.\n<!-- by hand: end -->';
    const once = renderPage(results, `# Old page\n\n${hand}\n`);
    expect(once).to.contain(hand).and.not.to.contain('Old page');
    expect(renderPage(results, once)).to.equal(once);
  });

  it('keeps figures that were taken elsewhere, until there are newer ones', () => {
    const titles = { sends: 'Sends', 'fan-out-1': 'One large room' };
    const tables = [{ title: 'A gateway', busy: 0.9, rows: [{ name: 'ws', share: 0.25 }] }];
    const whole = renderPage({ ...results, profile: { tables, ...circumstances } }, '', titles);
    const sends = { version: 1, sections: { sends: section('Sends') } } as const;
    expect(renderPage(sends, whole, titles)).to.equal(whole);
    const newer = { ...section('Sends'), seconds: 99 };
    const page = renderPage({ ...sends, sections: { sends: newer } }, whole, titles);
    expect(page).to.contain('99 s of load each');
    expect(page.match(/^## Sends$/gm)).to.have.length(1);
  });
});

describe('what is printed of a scenario', () => {
  it('lines up its figures and marks its targets', () => {
    expect(
      renderOutcome('One large room', outcome)
        .split('\n')
        .map((line) => line.trimEnd()),
    ).to.deep.equal([
      '',
      'One large room',
      '',
      '             CPU per delivery',
      '  Parley              1.00 µs',
      '  Socket.IO           6.20 µs',
      '',
      '  ✓ at most 0.25×: 0.16×',
      '  ✗ p99 at most 60 ms: 98 ms',
      '',
    ]);
  });
});

describe('kept results', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are read as they were written', async () => {
    const file = join(folder, 'deeper', 'results.json');
    await writeResults(file, results);
    expect(await readResults(file)).to.deep.equal(results);
  });

  it('are none at first, and where they are of another version or broken', async () => {
    const file = join(folder, 'results.json');
    expect((await readResults(file)).sections).to.deep.equal({});
    for (const text of ['{"version":0,"sections":{"sends":1}}', '{', 'null']) {
      await writeFile(file, text);
      expect((await readResults(file)).sections, text).to.deep.equal({});
    }
  });
});
