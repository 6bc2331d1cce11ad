import { join } from 'node:path';
import { run } from '../../local/command.ts';
import { build } from '../../local/compile.ts';
import type { Output } from '../../local/output.ts';
import { ROOT } from '../../local/paths.ts';

const TIMEOUT = 120_000;

/** Compiles what is measured: Parley as `npm run build` does, the baseline servers into dist/bench. */
export async function buildAll(output: Output): Promise<void> {
  await build({ output, client: false });
  const args = [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, 'bench/servers')];
  const { ok, output: text } = await run(process.execPath, args, { cwd: ROOT, timeout: TIMEOUT });
  if (!ok) throw new Error(`the baseline servers cannot be built:\n${text}`);
}
