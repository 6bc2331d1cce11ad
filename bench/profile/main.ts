/** `npx tsx bench/profile/main.ts FILE.cpuprofile [--functions 30]`: where a process's time went. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { analyse, parseProfile } from './analyse.ts';
import { markdownTable } from './table.ts';

const FUNCTIONS = 25;

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { functions: { type: 'string' } },
  });
  const [path] = positionals;
  if (path === undefined) throw new Error('name a .cpuprofile file');
  const count = values.functions === undefined ? FUNCTIONS : Number(values.functions);
  if (!Number.isInteger(count) || count < 0) throw new Error('--functions must be a whole number from 0 up');
  const analysis = analyse(parseProfile(await readFile(path, 'utf8')));
  const ms = (us: number): string => `${Math.round(us / 1_000)} ms`;
  const lines = [
    `${ms(analysis.total)}, of which ${ms(analysis.busy)} busy`,
    '',
    markdownTable(analysis),
    '',
    ...analysis.functions
      .slice(0, count)
      .map(({ name, share }) => `${(share * 100).toFixed(1).padStart(5)} %  ${name}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
