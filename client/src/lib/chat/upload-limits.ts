import { LIMITS } from '../../../../shared/wire/protocol.ts';
import { formatSize } from './file-size.ts';

export interface Admitted<T> {
  readonly taken: readonly T[];
  /** Why the others were not; one sentence each. */
  readonly problems: readonly string[];
}

/** Which of the files may join `present` others in one message, said before a byte is sent. `maxBytes`: of one file. */
export function admit<T extends { readonly name: string; readonly size: number }>(
  files: readonly T[],
  present: number,
  maxBytes: number,
): Admitted<T> {
  const problems: string[] = [];
  const fitting = files.filter((file) => {
    if (file.size === 0) problems.push(`“${file.name}” is empty.`);
    else if (file.size > maxBytes)
      problems.push(`“${file.name}” is ${formatSize(file.size)}; a file may have ${formatSize(maxBytes)}.`);
    return file.size > 0 && file.size <= maxBytes;
  });
  const room = Math.max(0, LIMITS.attachments - present);
  if (fitting.length > room) problems.push(`A message carries at most ${String(LIMITS.attachments)} files.`);
  return { taken: fitting.slice(0, room), problems };
}
