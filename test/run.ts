/**
 * `npm test`: finds or installs the servers, builds what ships, runs every suite under one coverage report, and ends
 * with the counted results. The suites run in processes of their own, so that none inherits another's servers; arguments
 * name suites (`npm test -- unit api`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lanes, type Job } from './lanes.ts';

/** What stands beside each other runs beside each other: the clusters mostly wait, a browser is busy all the time. */
const ROUNDS = [[['unit', 'contract', 'documentdb', 'api', 'deploy'], ['cluster']], [['browser']]];
const SUITES = ROUNDS.flat(2);

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'parley-test-'));
const counts = join(scratch, 'counts');
const coverage = join(scratch, 'coverage');

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  const child = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  return child.status === 0;
}

function suiteJob(name: string): Job {
  const mocha = [
    'node_modules/mocha/bin/mocha.js',
    '--reporter',
    'test/support/reporter.ts',
    `test/${name}/**/*.test.ts`,
  ];
  const env = { NODE_V8_COVERAGE: coverage, PARLEY_TEST_COUNTS: counts };
  return { name, program: process.execPath, args: mocha, cwd: root, env };
}

/** The wanted suites in lanes; in one where the machine has a single core, or where servers are given that suites would share. */
function lanesOf(round: readonly (readonly string[])[]): readonly (readonly Job[])[] {
  const lanes = round.map((names) => names.filter((name) => suites.includes(name)).map(suiteJob));
  const { REDIS_URL, MONGODB_URL } = process.env;
  const mayShare = availableParallelism() > 1 && REDIS_URL === undefined && MONGODB_URL === undefined;
  return mayShare ? lanes : [lanes.flat()];
}

function total(): readonly [passed: number, failed: number, skipped: number] {
  const lines = existsSync(counts) ? readFileSync(counts, 'utf8').trim().split('\n') : [];
  const sum: [number, number, number] = [0, 0, 0];
  for (const line of lines) for (const [i, n] of line.split(' ').map(Number).entries()) sum[i as 0] += n;
  return sum;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((suite) => !SUITES.includes(suite));
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(', ')}. There are: ${SUITES.join(', ')}.`);
  process.exit(1);
}
const suites = SUITES.filter((suite) => wanted.length === 0 || wanted.includes(suite));

let ok =
  run(process.execPath, ['--import', 'tsx', 'local/ensure.ts', '--with-chromium']) &&
  run(process.execPath, ['--import', 'tsx', 'local/build.ts']);
if (ok) {
  const lanes = new Lanes();
  for (const round of ROUNDS) ok = (await lanes.run(lanesOf(round))) && ok;
  run('npx', [
    'c8',
    'report',
    '--temp-directory',
    coverage,
    '--reporter',
    'text-summary',
    '--exclude',
    'test/**',
    '--exclude',
    'dist/client/**',
  ]);
}

const [passed, counted, skipped] = total();
rmSync(scratch, { recursive: true, force: true });
// A suite that could not even start has failed, whatever was counted before it.
const failed = ok ? counted : Math.max(counted, 1);
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(ok ? 0 : 1);
