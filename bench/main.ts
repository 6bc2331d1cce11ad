/** `npm run bench`: Parley beside what one would otherwise write. Exit code 1 where a target was missed. */
import { createOutput } from '../local/output.ts';
import { readOptions, USAGE, type BenchOptions } from './options.ts';
import { runBench } from './run.ts';
import { buildAll } from './stage/build.ts';
import { startStage } from './stage/stage.ts';

async function main(options: BenchOptions): Promise<boolean> {
  const output = createOutput();
  await buildAll(output);
  const stage = await startStage(options.data, output);
  const interrupt = (): void => void stage.stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await runBench(stage, options, output);
  } finally {
    await stage.stop();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(USAGE);
  else process.exitCode = (await main(options)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
