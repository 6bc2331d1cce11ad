/** `npm run chaos -- --minutes 2 --seed 7`: prints the schedule, progress, figures, and as the last line a verdict. */
import { runChaos } from './chaos.ts';
import type { Violation } from './judge/index.ts';
import { readOptions, type Options } from './options.ts';
import { table, writeReport } from './report.ts';
import { story } from './story.ts';

const SHOWN = 40;

const options = chosen();
const { violations, report, journal } = await runChaos(options, (line) => console.log(line)).catch(giveUp);
console.log(table(report));
if (options.report !== undefined) await writeReport(options.report, report);
await tell(violations, journal);
const name = `seed ${options.seed}, ${options.minutes} min${options.broken === undefined ? '' : `, without ${options.broken}`}`;
console.log(
  violations.length === 0
    ? `OK: ${name}, no violation`
    : `VIOLATED: ${name}, ${violations.length} violations`,
);
// Clients that still wait for something must not keep the process.
process.exit(violations.length === 0 ? 0 : 1);

function chosen(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return giveUp(error, 'npm run chaos');
  }
}

/** Nothing was shown, neither that it holds nor that it does not: that is no success. */
function giveUp(error: unknown, what = 'NO VERDICT'): never {
  console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function tell(all: readonly Violation[], path: string): Promise<void> {
  const [first] = all;
  if (first === undefined) return;
  for (const { kind, where, detail } of all.slice(0, SHOWN)) console.log(`  ${kind} · ${where} · ${detail}`);
  console.log(`journal: ${path}\nThe first: ${first.kind} · ${first.where} · ${first.detail}`);
  for (const line of await story(first, path)) console.log(line);
}
