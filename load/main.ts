/** `npm run load`: drives a Parley cluster with thousands of sockets and judges what came of it. See docs/load-testing.md. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathsOf } from '../local/paths.ts';
import { reason } from '../local/errors.ts';
import { LoadError, UsageError } from './errors.ts';
import { LOAD_HELP, parseOptions, type LoadOptions } from './options.ts';
import { Progress } from './progress.ts';
import type { Report } from './report/model.ts';
import { renderPage } from './report/page.ts';
import { renderTable } from './report/table.ts';
import { runLoad } from './run.ts';

const [OK, FAILED, MISUSED, INTERRUPTED] = [0, 1, 2, 130];

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (options === 'help') {
    console.log(LOAD_HELP);
    return OK;
  }
  const progress = new Progress();
  const report = await runLoad(options, progress, interruption(progress));
  const path = await write(options, report);
  console.log(renderTable(report));
  console.log(`\nreport     ${path}`);
  return report.verdict.ok && !report.stoppedEarly ? OK : FAILED;
}

/** Ctrl-C ends the run with its report; a second one ends it at once. */
function interruption(progress: Progress): AbortSignal {
  const stopping = new AbortController();
  const interrupt = (): void => {
    if (stopping.signal.aborted) process.exit(INTERRUPTED);
    progress.say('stopping   the report follows; Ctrl-C again ends at once');
    stopping.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return stopping.signal;
}

/** Writes the page, and the JSON where it was asked for; gives the page's path. */
async function write(options: LoadOptions, report: Report): Promise<string> {
  const time = report.startedAt.slice(0, 19).replaceAll(':', '-');
  const usual = join(pathsOf(options.data).data, 'load', 'reports', `${time}-${options.mix}.html`);
  const path = resolve(options.report ?? usual);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await renderPage(report));
  if (options.json !== undefined) {
    await mkdir(dirname(resolve(options.json)), { recursive: true });
    await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  return path;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isKnown = error instanceof UsageError || error instanceof LoadError;
  console.error(isKnown ? `load: ${reason(error)}` : error);
  process.exitCode = error instanceof UsageError ? MISUSED : FAILED;
}
