import { readFile } from 'node:fs/promises';
import { CHECKS } from './checks/index.ts';
import { Http } from './client/http.ts';
import { FrameContract } from './contract/frames.ts';
import { Observer } from './contract/observer.ts';
import type { Options } from './options.ts';
import { type Result, runChecks } from './runner.ts';

export interface Verdict {
  readonly url: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** How many frames of each type came. */
  readonly frames: Readonly<Record<string, number>>;
  readonly checks: readonly Result[];
}

/** Checks the Parley at `options.url`; rejects where it cannot be reached at all. */
export async function runSuite(options: Options, onResult: (result: Result) => void): Promise<Verdict> {
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8');
  const observer = new Observer(new FrameContract());
  const http = new Http(options.url.replace(/^ws/, 'http'), ca, observer);
  try {
    const place = { url: options.url, ca, http, observer };
    const checks = await runChecks(wanted(options.grep), place, { jobs: options.jobs, onResult });
    const count = (status: Result['status']): number => checks.filter((one) => one.status === status).length;
    return {
      url: options.url,
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
      frames: Object.fromEntries(observer.frames),
      checks,
    };
  } finally {
    await http.close();
  }
}

/** With a filter, the last ones too only where they are meant: they judge what all others have seen. */
function wanted(grep: string | undefined): typeof CHECKS {
  if (grep === undefined) return CHECKS;
  const text = grep.toLowerCase();
  return CHECKS.filter(({ title, section }) => `${title} ${section}`.toLowerCase().includes(text));
}
