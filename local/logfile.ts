import { closeSync, mkdirSync, openSync } from 'node:fs';
import { copyFile, open, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes after which a log is moved to `….1`, the older one dropped. */
const CAP = 20 * 1024 * 1024;
/** Bytes at the end of a log in which the reason of a death is looked for. */
const TAIL = 16 * 1024;

/**
 * A child's output, appended by the child itself: it goes on when this process dies, and never waits for it. Because
 * the child holds the file open, a full one is copied and emptied in place.
 */
export class LogFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
  }

  /** Calls `use` with a descriptor for appending, closed again when it returns. */
  withDescriptor<T>(use: (descriptor: number) => T): T {
    const descriptor = openSync(this.path, 'a', 0o600);
    try {
      return use(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Keeps the file below its cap; to be called now and then. */
  async rotate(): Promise<void> {
    const { size } = await stat(this.path).catch(() => ({ size: 0 }));
    if (size < CAP) return;
    await copyFile(this.path, `${this.path}.1`);
    await truncate(this.path, 0);
  }

  /** The last lines of the log, the oldest first. */
  async tail(): Promise<readonly string[]> {
    const file = await open(this.path, 'r').catch(() => undefined);
    if (file === undefined) return [];
    try {
      const { size } = await file.stat();
      const length = Math.min(size, TAIL);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8').split('\n').filter(Boolean);
    } finally {
      await file.close();
    }
  }
}

/** Why a process died, from the last lines of its log: its last error, else its last line. */
export function lastComplaint(lines: readonly string[]): string {
  for (const line of lines.toReversed()) {
    const text = complaintIn(line);
    if (text !== undefined) return text;
  }
  return lines.at(-1)?.trim() ?? 'it said nothing';
}

const ERROR_LEVEL = 50;

function complaintIn(line: string): string | undefined {
  // A stack names where, such as `at failureErrorWithLog`; the line above it says what.
  if (/^\s+at /.test(line)) return undefined;
  if (!line.startsWith('{')) return /error|emerg|fatal|refus/i.test(line) ? line.trim() : undefined;
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if ((entry.level ?? 0) < ERROR_LEVEL) return undefined;
    return [entry.msg, entry.err?.message].filter(Boolean).join(': ');
  } catch {
    return undefined;
  }
}
