import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asIdentity, readJson, takeLock, writeAtomically } from './files.ts';
import { endOrphans, endProcess, isAlive, type Identity } from './identity.ts';
import { SetupError } from './errors.ts';
import type { Paths } from './paths.ts';

/** A process of the cluster, as noted for whoever must clean up after a death of the supervisor. */
export interface NotedProcess extends Identity {
  readonly name: string;
}

const stateFile = (paths: Paths): string => join(paths.run, 'cluster.json');
export const controlSocket = (paths: Paths): string => join(paths.run, 'control.sock');

/** Makes this process the only supervisor of the data folder; throws SetupError when another runs. Gives the release. */
export async function claim(paths: Paths): Promise<() => Promise<void>> {
  const lock = await takeLock(join(paths.run, 'lock'));
  if ('release' in lock) return lock.release;
  throw new SetupError(
    `a cluster already runs on ${paths.data} (process ${lock.heldBy.pid}): stop it with Ctrl-C there or with kill ${lock.heldBy.pid}, or choose another folder with --data`,
  );
}

/** Notes which processes belong to the cluster, before anyone can need to know. */
export async function noteProcesses(paths: Paths, processes: readonly NotedProcess[]): Promise<void> {
  await writeAtomically(stateFile(paths), `${JSON.stringify({ processes }, null, 2)}\n`, 0o600);
}

/** What a command beside the running cluster must know to reach its servers. */
export interface ClusterEnvironment {
  readonly mongodbUrl: string;
  readonly redisUrl: string;
  readonly origin: string;
}

const environmentFile = (paths: Paths): string => join(paths.run, 'environment.json');

export async function noteEnvironment(paths: Paths, environment: ClusterEnvironment): Promise<void> {
  await writeAtomically(environmentFile(paths), `${JSON.stringify(environment, null, 2)}\n`, 0o600);
}

/** The servers of the cluster that runs on this data folder; throws SetupError when none does. */
export async function readEnvironment(paths: Paths): Promise<ClusterEnvironment> {
  const holder = asIdentity(await readJson(join(paths.run, 'lock')));
  const value = await readJson(environmentFile(paths));
  if (holder === undefined || !(await isAlive(holder)) || typeof value !== 'object' || value === null)
    throw new SetupError(
      `no cluster runs on ${paths.data}: start one with npm start, or name it with --data`,
    );
  const text = (name: string): string => String(Reflect.get(value, name) ?? '');
  return { mongodbUrl: text('mongodbUrl'), redisUrl: text('redisUrl'), origin: text('origin') };
}

/** ms a left-over process has to end by itself. */
const GRACE = 8_000;

/**
 * Ends what a killed supervisor left running, the last started first, and gives their names. A pid that meanwhile
 * belongs to another process is recognised by its start time and left alone.
 */
export async function endLeftovers(paths: Paths): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const item of noted(await readJson(stateFile(paths))).toReversed()) {
    const alive = await isAlive(item);
    await endProcess(item, GRACE);
    await endOrphans(item);
    if (alive) ended.push(item.name);
  }
  await forgetProcesses(paths);
  return ended;
}

/** Removes what only a running cluster has. */
export async function forgetProcesses(paths: Paths): Promise<void> {
  const names = await readdir(paths.run).catch(() => []);
  const passing = names.filter((name) => name !== 'lock' && !name.startsWith('lock.'));
  await Promise.all(passing.map((name) => rm(join(paths.run, name), { force: true, recursive: true })));
}

function noted(state: unknown): readonly NotedProcess[] {
  if (typeof state !== 'object' || state === null || !('processes' in state)) return [];
  const list: readonly unknown[] = Array.isArray(state.processes) ? state.processes : [];
  return list.flatMap((item) => {
    const identity = asIdentity(item);
    if (identity === undefined) return [];
    const name = typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : 'process';
    return [{ ...identity, name }];
  });
}
