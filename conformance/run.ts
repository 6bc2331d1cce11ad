/** `npm run conformance -- --url wss://…`: is this a Parley as docs/protocol.md says? Exits with 1 where it is not. */
import { readOptions, USAGE, type Options } from './options.ts';
import type { Result } from './runner.ts';
import { runSuite } from './suite.ts';

const MARKS = { passed: '✓', failed: '✗', skipped: '-' } as const;

function print({ status, title, section, ms, expected, seen, reason }: Result): void {
  const lines = [`${MARKS[status]} ${title}  [protocol.md#${section}] ${ms} ms`];
  if (status === 'failed') lines.push(`    expected: ${expected}`, `    seen:     ${seen}`);
  if (status === 'skipped') lines.push(`    ${reason}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function options(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const why = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  return /certificate/.test(why) ? `${why} (name its authority with --ca FILE)` : why;
}

const chosen = options();
try {
  const verdict = await runSuite(chosen, (result) => {
    if (!chosen.json) print(result);
  });
  if (chosen.json) process.stdout.write(`${JSON.stringify(verdict, undefined, 2)}\n`);
  const { passed, failed, skipped } = verdict;
  if (!chosen.json) process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
} catch (error) {
  process.stderr.write(`${chosen.url} could not be checked: ${reason(error)}\n`);
  process.exitCode = 1;
}
