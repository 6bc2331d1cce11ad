import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Takes an exclusive lock on a file (made if missing) and gives the function that frees it; waits while another
 * process has it. The kernel keeps the lock for a child that lives as long as its input, so it ends with this process
 * however that dies. Rejects when `flock` cannot be run.
 */
export async function holdLock(path: string): Promise<() => void> {
  const child = spawn('flock', [path, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`flock ${path} ended with ${String(code)}`);
  });
  await Promise.race([once(child.stdout, 'data'), failed]);
  failed.catch(() => undefined);
  return () => child.stdin.end();
}
