import { readFile } from 'node:fs/promises';

/** µs of one of the kernel's ticks: USER_HZ is 100 on every Linux that Node runs on. */
const TICK = 10_000;
/** Places of user and system time behind the name (see `man 5 proc`). */
const USER = 11;
const SYSTEM = 12;

/** µs of CPU a process has used so far, user and system time of all its threads. */
export async function cpuMicros(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK;
}

/** The sum over several processes. */
export async function cpuOfAll(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(pids.map(cpuMicros));
  return each.reduce((sum, micros) => sum + micros, 0);
}
