import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { run } from './command.ts';
import { errorCode } from './errors.ts';
import type { Output } from './output.ts';

/** True where `aptInstall` can work: root on a system of Debian's family. */
export async function canApt(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

const LISTS = '/var/lib/apt/lists';
/** Another apt may be at work: wait for it up to this many seconds. */
const LOCK = ['-o', 'DPkg::Lock::Timeout=180'];
const INSTALL_TIMEOUT = 15 * 60_000;
const UPDATE_TIMEOUT = 5 * 60_000;

/**
 * Installs `packages` without letting them start their daemons. Gives undefined, or what apt complained of. The lists
 * are fetched first where there are none, or when a package is unknown or no longer to be had.
 */
export async function aptInstall(
  packages: readonly string[],
  label: string,
  output: Output,
): Promise<string | undefined> {
  const fresh = await listsAreEmpty();
  if (fresh) await update(label, output);
  return await withoutDaemons(async () => {
    const first = await install(packages, label, output);
    if (first === undefined || fresh) return first;
    await update(label, output);
    return await install(packages, label, output);
  });
}

async function listsAreEmpty(): Promise<boolean> {
  const names = await readdir(LISTS).catch(() => []);
  return !names.some((name) => name.includes('_Packages') || name.endsWith('InRelease'));
}

async function update(label: string, output: Output): Promise<void> {
  const result = await apt(['update'], UPDATE_TIMEOUT, (line) => {
    if (/^(Get|Hit|Ign|Reading)/.test(line)) output.progress(label, `apt-get update: ${line}`);
  });
  if (!result.ok) output.warn(label, `apt-get update failed: ${complaint(result.output)}`);
}

async function install(
  packages: readonly string[],
  label: string,
  output: Output,
): Promise<string | undefined> {
  const args = ['install', '-y', '--no-install-recommends', '-o', 'APT::Status-Fd=1', ...packages];
  const result = await apt(args, INSTALL_TIMEOUT, (line) => {
    const text = aptProgress(line);
    if (text !== undefined) output.progress(label, text);
  });
  return result.ok ? undefined : complaint(result.output);
}

const apt = (args: readonly string[], timeout: number, onLine: (line: string) => void) =>
  run('apt-get', [...LOCK, ...args], {
    timeout,
    onLine,
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  });

/** A line of apt's machine-readable status ("dlstatus:1:12.5:Retrieving…") as "installing: 12 % Retrieving…". */
export function aptProgress(line: string): string | undefined {
  const match = /^(dl|pm)status:[^:]*:([\d.]+):(.*)$/.exec(line);
  if (match === null) return undefined;
  const [, phase, percent, text = ''] = match;
  return `${phase === 'dl' ? 'downloading' : 'installing'}: ${Math.floor(Number(percent))} %  ${text}`;
}

function complaint(output: string): string {
  const errors = output.split('\n').filter((line) => /^E:/.test(line));
  return (errors[0] ?? output.split('\n').at(-1) ?? 'no reason given').replace(/^E:\s*/, '');
}

const POLICY = '/usr/sbin/policy-rc.d';
const SAVED = `${POLICY}.saved-by-parley`;
const MARK = '# Parley: no daemon starts while its packages are installed';

/**
 * Runs `work` while /usr/sbin/policy-rc.d forbids every start of a daemon, then puts back what was there. What a killed
 * run left behind is recognised by its mark and does not count as the system's own policy.
 */
async function withoutDaemons<T>(work: () => Promise<T>): Promise<T> {
  const present = await readFile(POLICY, 'utf8').catch(() => undefined);
  const own = present?.includes(MARK) === true;
  if (present !== undefined && !own) await rename(POLICY, SAVED);
  await writeFile(POLICY, `#!/bin/sh\n${MARK}\nexit 101\n`, { mode: 0o755 });
  try {
    return await work();
  } finally {
    await rm(POLICY, { force: true });
    await rename(SAVED, POLICY).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
  }
}
