import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { run } from './command.ts';
import { SetupError } from './errors.ts';
import { takeLock, writeAtomically } from './files.ts';
import { seconds, silent, type Output } from './output.ts';
import { ROOT } from './paths.ts';
import { VITE, VITE_CONFIG } from './vite.ts';

export interface BuildOptions {
  readonly output?: Output;
  /** Whether the client is wanted too; default true. */
  readonly client?: boolean;
}
interface Target {
  readonly name: string;
  /** Files and folders whose contents decide whether it must be built again. */
  readonly sources: readonly string[];
  readonly args: readonly string[];
  /** A file that a finished build has. */
  readonly result: string;
}

const COMMON = ['package-lock.json', 'tsconfig.json'];
const SERVER: Target = {
  name: 'server',
  sources: [...COMMON, 'tsconfig.build.json', 'shared', 'api', 'gateway', 'local', 'nginx'],
  args: [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
  result: 'dist/api/main.js',
};
const CLIENT: Target = {
  name: 'client',
  sources: [...COMMON, 'shared/wire', 'shared/sdk', 'client'],
  args: [VITE, 'build', '--config', VITE_CONFIG],
  result: 'dist/client/index.html',
};
const TIMEOUT = 5 * 60_000;
const LOCK_POLL = 250;
const SKIPPED = new Set(['node_modules', '.svelte-kit', 'dist', '.data']);

/** Compiles the server and the client into dist/, each only when its sources changed since it was last built. */
export async function build(options: BuildOptions = {}): Promise<void> {
  const output = options.output ?? silent;
  const release = await waitForTurn(output);
  try {
    await buildTarget(SERVER, output);
    if (options.client !== false) await buildTarget(CLIENT, output);
  } finally {
    await release();
  }
}

/** Two clusters may be started from one folder at once: one builds, the other then finds it done. */
async function waitForTurn(output: Output): Promise<() => Promise<void>> {
  for (;;) {
    const lock = await takeLock(join(ROOT, 'dist', '.building'));
    if ('release' in lock) return lock.release;
    output.progress('build', `process ${lock.heldBy.pid} is building`);
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL));
  }
}

async function buildTarget(target: Target, output: Output): Promise<void> {
  const stampFile = join(ROOT, 'dist', `.stamp-${target.name}`);
  const stamp = await hashOf(target.sources);
  const [last, result] = await Promise.all([
    readOrNothing(stampFile),
    readOrNothing(join(ROOT, target.result)),
  ]);
  if (last === stamp && result !== '') return;
  const before = performance.now();
  output.progress('build', `compiling the ${target.name}`);
  const onLine = (line: string) => output.progress('build', `${target.name}: ${line}`);
  const done = await run(process.execPath, target.args, { cwd: ROOT, timeout: TIMEOUT, onLine });
  if (!done.ok) throw new SetupError(`the ${target.name} cannot be built:\n${done.output}`);
  await writeAtomically(stampFile, stamp);
  output.line('build', `${target.name} (${seconds(performance.now() - before)})`);
}

const readOrNothing = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

async function hashOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const path of await filesBelow(join(ROOT, source)))
      hash
        .update(`${relative(ROOT, path)}\0`)
        .update(await readFile(path))
        .update('\0');
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return (await readOrNothing(path)) === '' ? [] : [path];
  const wanted = entries
    .filter((entry) => !SKIPPED.has(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const nested = await Promise.all(
    wanted.map((entry) =>
      entry.isDirectory() ? filesBelow(join(path, entry.name)) : Promise.resolve([join(path, entry.name)]),
    ),
  );
  return nested.flat();
}
