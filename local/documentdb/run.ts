import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Takes one line of progress, without its line end. */
export type Log = (line: string) => void;

export type RunOptions = { readonly log?: Log; readonly env?: NodeJS.ProcessEnv };

/** Calls `onLine` for each line the child prints, on either stream, until both end. */
export function readLines(child: ChildProcess, onLine: Log): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
  }
}

/**
 * Runs a program to its end and gives what it printed (at most its last 200 lines). Rejects with those of its last
 * lines that say why when it cannot be started, exits non-zero or is killed.
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    readLines(child, (line) => {
      lines.push(line);
      if (lines.length > 200) lines.shift();
      options.log?.(line);
    });
    child.on('error', (cause) =>
      reject(new Error(`${command} could not be started: ${cause.message}`, { cause })),
    );
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(lines);
      reject(new Error(`${command} ended with ${code ?? signal}: ${lines.slice(-3).join(' | ')}`));
    });
  });
}

/** What the program printed, or undefined when it failed or is not there: for questions whose answer may be "no". */
export async function ask(command: string, args: readonly string[]): Promise<string[] | undefined> {
  try {
    return await run(command, args);
  } catch {
    return undefined;
  }
}
