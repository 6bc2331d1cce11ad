import { readFile } from 'node:fs/promises';
import type { Supervised } from './processes.ts';

const TIMEOUT = 5_000;
const POLL = 20;
/** ms after its new workers exist until NGINX has told the old ones to stop accepting. */
const HANDOVER = 250;

/**
 * Lets NGINX take its new configuration over and waits until only new workers accept connections. Old ones stay for the
 * sockets they carry.
 */
export async function reloadNginx(nginx: Supervised): Promise<void> {
  const pid = nginx.identity?.pid;
  if (pid === undefined) return;
  const before = new Set(await children(pid));
  await nginx.kill('SIGHUP');
  const deadline = Date.now() + TIMEOUT;
  while (Date.now() < deadline) {
    const now = await children(pid);
    if (now.some((child) => !before.has(child))) break;
    await pause(POLL);
  }
  await pause(HANDOVER);
}

/** Pids of a process's children; empty where the system does not tell. */
async function children(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
