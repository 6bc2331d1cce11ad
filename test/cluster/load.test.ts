import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Report } from '../../load/report/model.ts';
import type { TestCluster } from '../support/cluster.ts';
import { startClusterOnSharedStore } from '../support/shared-store.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'load', 'main.ts');

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly report: Report;
  readonly page: string;
}

describe('npm run load', function () {
  this.timeout(180_000);
  let parley: TestCluster;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-load-'));
    parley = await startClusterOnSharedStore();
  });

  after(async () => {
    await parley.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the tester as a process of its own; `onLine` hears what it says. */
  async function load(
    args: readonly string[],
    onLine: (line: string) => void = () => undefined,
  ): Promise<Outcome> {
    const [json, page] = [join(folder, 'run.json'), join(folder, 'run.html')];
    const places = ['--url', parley.place.origin, '--data', parley.cluster.paths.data, '--json', json];
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...places, '--report', page, ...args]);
    let output = '';
    const hear = (chunk: Buffer): void => {
      output += String(chunk);
      onLine(String(chunk));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => 'null');
    return { code, output, report: JSON.parse(await read(json)) as Report, page: await read(page) };
  }

  it('finds nothing wrong with 200 sockets, and writes a report that says so', async () => {
    const { code, output, report, page } = await load([
      ...['--connections', '200', '--users', '10', '--rate', '50', '--duration', '4', '--rooms-each', '2'],
      ...['--limit-errors', '5'],
    ]);
    expect(code, output).to.equal(0);
    expect(report).to.include({ schema: 'parley-load', version: 1, connected: 200, stoppedEarly: false });
    expect(report.verdict).to.deep.include({ ok: true, reasons: [] });
    expect(report.check.violations).to.deep.equal({ lost: 0, duplicated: 0, disordered: 0, contradicted: 0 });
    expect(report.counters.acked).to.be.above(100);
    expect(report.check.acked).to.equal(report.counters.acked);
    // Each socket of a room hears each message of it once.
    expect(report.counters.deliveries).to.be.closeTo(
      report.counters.acked * report.layout.audience,
      report.counters.deliveries / 4,
    );
    expect(Object.keys(report.cpuPerDelivery)).to.include.members([
      'api-1',
      'gateway-1',
      'nginx',
      'tester-1',
    ]);
    expect(page).to.match(/CORRECT/);
    expect(output).to.match(/200 of 200/);
  });

  it('loses nothing when a gateway is killed meanwhile, and uses the accounts of the run before', async () => {
    let isKilled = false;
    const { code, output, report } = await load(
      ['--connections', '200', '--users', '10', '--rate', '50', '--duration', '10', '--limit-errors', '20'],
      (line) => {
        if (isKilled || !line.includes('connected  200')) return;
        isKilled = true;
        setTimeout(() => void parley.cluster.kill('gateway-1', 'SIGKILL'), 2_000);
      },
    );
    expect(isKilled).to.equal(true);
    expect(code, output).to.equal(0);
    expect(report.closes).to.have.property('1006');
    expect(report.latencies.caughtUp.count).to.be.above(10);
    expect(report.check.violations).to.deep.equal({ lost: 0, duplicated: 0, disordered: 0, contradicted: 0 });
    expect(output).to.match(/0 accounts made, 10 used again/);
    await parley.whole();
  });

  it('keeps its tokens in a file that only its owner may read', async () => {
    const { hostname, port } = new URL(parley.place.origin);
    const { mode } = await stat(join(parley.cluster.paths.data, 'load', `${hostname}-${port}.json`));
    expect(mode & 0o777).to.equal(0o600);
  });

  it('ends early at SIGINT, with its report and exit code 1', async () => {
    const [json, page] = [join(folder, 'early.json'), join(folder, 'early.html')];
    const args = ['--url', parley.place.origin, '--data', parley.cluster.paths.data, '--connections', '50'];
    const child = spawn(process.execPath, [
      ...[
        '--import',
        'tsx',
        MAIN,
        ...args,
        '--duration',
        '120',
        '--rate',
        '20',
        '--json',
        json,
        '--report',
        page,
      ],
    ]);
    child.stdout.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('connected  50')) child.kill('SIGINT');
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect(code).to.equal(1);
    expect(JSON.parse(await readFile(json, 'utf8'))).to.include({ stoppedEarly: true });
  });

  it('says in one line what is wrong, with exit code 2 for its options and 1 for a target that is not there', async () => {
    const misused = await load(['--mix', 'party']);
    expect(misused.code).to.equal(2);
    expect(misused.output.trim().split('\n').at(-1)).to.match(/^load: --mix must be one of/);
    const server = createServer().listen(0, '127.0.0.1');
    const { port } = await new Promise<{ port: number }>((resolve) =>
      server.once('listening', () => resolve(server.address() as { port: number })),
    );
    await new Promise((resolve) => server.close(resolve));
    const absent = await load(['--url', `http://127.0.0.1:${port}`]);
    expect(absent.code).to.equal(1);
    expect(absent.output).to.match(/load: http:.*ECONNREFUSED/);
  });
});
