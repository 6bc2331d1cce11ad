import { readdir, readFile } from 'node:fs/promises';
import { run } from './command.ts';
import { errorCode } from './errors.ts';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface Identity {
  readonly pid: number;
  /** When it started, in the system's own terms, this boot's id included. */
  readonly started: string;
}

/** Places of `statOf`'s fields. */
const STATE = 0;
const SESSION = 3;
const STARTED = 19;

/** The identity of a process that runs now; undefined when there is none (a zombie counts as none). */
export async function identify(pid: number): Promise<Identity | undefined> {
  const started = process.platform === 'linux' ? await startedLinux(pid) : await startedElsewhere(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Whether that very process still runs. */
export async function isAlive(identity: Identity): Promise<boolean> {
  return (await identify(identity.pid))?.started === identity.started;
}

async function startedLinux(pid: number): Promise<string | undefined> {
  const fields = await statOf(pid);
  const [state, ticks] = [fields?.[STATE], fields?.[STARTED]];
  if (state === undefined || state === 'Z' || state === 'X' || ticks === undefined) return undefined;
  return `${await bootId()}/${ticks}`;
}

/** What the kernel tells of a process, from its state on (see `man 5 proc`). */
async function statOf(pid: number): Promise<readonly string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may hold anything, so fields are counted from the last one.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

const bootId = async (): Promise<string> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();

async function startedElsewhere(pid: number): Promise<string | undefined> {
  const { ok, output } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return ok && output.trim() !== '' ? output.trim() : undefined;
}

/** ms between two looks at a process that is being ended. */
const POLL = 50;

/** Ends that very process: SIGTERM, and SIGKILL when it still runs after `grace` ms. Someone else's pid is left alone. */
export async function endProcess(identity: Identity, grace: number): Promise<void> {
  if (!(await isAlive(identity))) return;
  signal(identity.pid, 'SIGTERM');
  const deadline = Date.now() + grace;
  while (Date.now() < deadline) {
    if (!(await isAlive(identity))) return;
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
  if (await isAlive(identity)) signal(identity.pid, 'SIGKILL');
}

/**
 * Kills what a dead session leader left behind (NGINX's workers outlive a killed master, and keep its ports). While any
 * of them lives, the kernel gives the leader's pid to nobody else, so a living process with that pid means there are none.
 */
export async function endOrphans(leader: Identity): Promise<void> {
  if (process.platform !== 'linux' || !leader.started.startsWith(`${await bootId()}/`)) return;
  const stat = await statOf(leader.pid);
  const isItsZombie = stat?.[STATE] === 'Z' && leader.started.endsWith(`/${stat[STARTED] ?? ''}`);
  if (stat !== undefined && !isItsZombie) return;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const session = (await statOf(Number(name)))?.[SESSION];
    if (session === String(leader.pid)) signal(Number(name), 'SIGKILL');
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
