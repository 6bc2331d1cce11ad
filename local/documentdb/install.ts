import { access, copyFile, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fetchSettings, findMirror, proxyEnvironment } from './apt.ts';
import { enclosed, isolated } from './enclosure.ts';
import { DocumentDbUnavailable } from './errors.ts';
import { holdLock } from './lock.ts';
import { run, type Log } from './run.ts';

/** Where a machine's clusters share one root unless told otherwise. */
export const DEFAULT_ROOT = '/var/lib/parley/documentdb';

/** Debian's release with the package; it needs a newer C library than older systems have, hence a root of its own. */
const SUITE = 'forky';
const PACKAGE = 'postgresql-18-documentdb';
/** Written into the root as its last file, with the version of the package. */
const MARKER = '.parley-complete';
/** What is added to the root's name, before a process id, for one being built. */
const BUILDING = '.building-';

const exists = (path: string) => access(path).then(() => true, () => false); // prettier-ignore

/** Whether a complete root is there, so that `installDocumentDB` would have nothing to do. */
export const isInstalled = (root: string) => exists(join(root, MARKER));

/**
 * Makes a root directory with Debian's DocumentDB packages: about 40 s and 600 MB the first time, nothing when it is
 * there. It is built beside its place and moved there whole, so one killed midway is thrown away by the next call;
 * calls for the same root wait for each other. Needs root on Debian or Ubuntu: else rejects with
 * DocumentDbUnavailable, as when a step fails. `log` is given the lines the steps print.
 */
export async function installDocumentDB(options: {
  readonly root: string;
  readonly log: Log;
}): Promise<void> {
  const { root, log } = options;
  if (await isInstalled(root)) return;
  await requireDebianRoot();
  await mkdir(dirname(root), { recursive: true });
  log(`DocumentDB: waiting for ${root}.lock`);
  const unlock = await holdLock(`${root}.lock`);
  try {
    if (await isInstalled(root)) return;
    if (await exists(root)) throw new Error(`${root} is there and is not a root made by Parley`);
    log(`DocumentDB: installing into ${root}, once per machine`);
    await removeHalfMade(root);
    const building = `${root}${BUILDING}${process.pid}`;
    await makeBase(building, log);
    await addPackages(building, log);
    await rename(building, root);
    log(`DocumentDB: installed in ${root}`);
  } catch (cause) {
    throw new DocumentDbUnavailable(`DocumentDB could not be installed: ${messageOf(cause)}`, cause);
  } finally {
    unlock();
  }
}

/** What killed installations left; its processes are killed too, but may take a moment to be gone, hence the retries. */
async function removeHalfMade(root: string): Promise<void> {
  const prefix = `${basename(root)}${BUILDING}`;
  for (const name of await readdir(dirname(root))) {
    if (!name.startsWith(prefix)) continue;
    await rm(join(dirname(root), name), { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

async function requireDebianRoot(): Promise<void> {
  if (
    process.platform !== 'linux' ||
    !(await exists('/etc/debian_version')) ||
    !(await exists('/usr/bin/apt-get'))
  ) {
    throw new DocumentDbUnavailable('DocumentDB can only be installed on Debian or Ubuntu.');
  }
  if (process.geteuid?.() !== 0) throw new DocumentDbUnavailable('DocumentDB can only be installed by root.');
}

/** Installs debootstrap where missing; neither it nor what it needs has a daemon that apt could start. */
async function findDebootstrap(log: Log): Promise<void> {
  if (await exists('/usr/sbin/debootstrap')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const packages = ['debootstrap', 'debian-archive-keyring'];
  const install = () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { log, env });
  // The machine's package lists may be missing or too old: only then are they worth fetching.
  await install().catch(async () => {
    await run('apt-get', ['update'], { log, env });
    await install();
  });
}

/** A minimal Debian in `root`. Older debootstraps do not know the suite by name; it is built as `sid` is. */
async function makeBase(root: string, log: Log): Promise<void> {
  await findDebootstrap(log);
  const scripts = '/usr/share/debootstrap/scripts';
  const script = (await exists(join(scripts, SUITE))) ? join(scripts, SUITE) : join(scripts, 'sid');
  const command = ['debootstrap', '--variant=minbase', SUITE, root, await findMirror(), script];
  await run(...isolated(command), { log, env: await proxyEnvironment() });
}

async function addPackages(root: string, log: Log): Promise<void> {
  await writeSettings(root);
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' };
  const inside = (...command: string[]) => run(...enclosed({ root }, command), { log, env });
  await inside('apt-get', 'update');
  await inside('apt-get', 'install', '-y', '--no-install-recommends', PACKAGE);
  await inside('apt-get', 'clean');
  const version = await inside('dpkg-query', '--show', PACKAGE);
  await writeFile(join(root, MARKER), `${version.at(-1) ?? ''}\n`);
}

/** Everything apt and dpkg inside must know: this machine's proxies and credentials, start nothing, skip the manuals. */
async function writeSettings(root: string): Promise<void> {
  const write = async (path: string, lines: readonly string[], mode = 0o644) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `${lines.join('\n')}\n`, { mode });
  };
  // A mirror's index may be past its date; its signature is still checked.
  const valid = 'Acquire::Check-Valid-Until "false";';
  await write('etc/apt/apt.conf.d/99parley', [
    ...(await fetchSettings()),
    valid,
    'APT::Install-Recommends "false";',
  ]);
  await write('etc/dpkg/dpkg.cfg.d/parley', [
    'force-unsafe-io',
    ...['doc', 'man', 'locale', 'info'].map((name) => `path-exclude=/usr/share/${name}/*`),
  ]);
  await write('usr/sbin/policy-rc.d', ['#!/bin/sh', 'exit 101'], 0o755);
  await write('etc/postgresql-common/createcluster.conf', ['create_main_cluster = false']);
  for (const name of ['/etc/apt/auth.conf', '/etc/apt/auth.conf.d']) {
    if (await exists(name)) await cp(name, join(root, name), { recursive: true });
  }
  for (const name of ['/etc/resolv.conf', '/etc/hosts']) {
    // Absent or odd ones (a dangling link) only matter if names then cannot be resolved, which apt will say.
    await copyFile(name, join(root, name)).catch(() => undefined);
  }
}
