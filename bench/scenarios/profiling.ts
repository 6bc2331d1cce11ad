import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyse, parseProfile, type Analysis, type Span } from '../profile/analyse.ts';

/** The part of a measurement that is to be looked at. */
export interface ProfiledSpan {
  readonly span: Span;
  /** The processes that were measured. */
  readonly pids: readonly number[];
  /** Sends or deliveries, with those of the warm-up. */
  readonly operations: number;
}

/** Asks a measurement to be profiled: where the profiles go, and who is told what to look at. */
export interface Profiling {
  readonly folder: string;
  readonly onSpan: (span: ProfiledSpan) => void;
}

/** Runs a measurement with every server profiled; gives each measured process's analysis, in their order. */
export async function profiled(
  folder: string,
  measure: (profiling: Profiling) => Promise<unknown>,
): Promise<readonly Analysis[]> {
  let found: ProfiledSpan | undefined;
  await measure({ folder, onSpan: (span) => (found = span) });
  if (found === undefined) throw new Error('nothing was profiled');
  const files = await readdir(folder);
  const analyses: Analysis[] = [];
  for (const pid of found.pids) {
    // Threads other than the first, such as those that hash passwords, write files of their own.
    const file = files.find((name) => name.includes(`.${pid}.0.`));
    if (file === undefined) throw new Error(`process ${pid} wrote no profile`);
    analyses.push(analyse(parseProfile(await readFile(join(folder, file), 'utf8')), found.span));
  }
  return analyses;
}
