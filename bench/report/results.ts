import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '../../local/files.ts';
import type { Outcome } from '../scenarios/bench.ts';
import type { ScenarioName } from '../scenarios/names.ts';
import type { ProfileTable } from '../scenarios/profile.ts';
import type { Machine } from './machine.ts';

/** When and how a section's figures were taken. */
export interface Circumstances {
  /** ISO 8601. */
  readonly at: string;
  readonly command: string;
  readonly machine: Machine;
}
/** The latest figures of one scenario, as they stand on the page. */
export interface Section extends Circumstances {
  readonly title: string;
  readonly about: string;
  readonly runs: number;
  readonly seconds: number;
  readonly outcome: Outcome;
}
export interface ProfileSection extends Circumstances {
  readonly tables: readonly ProfileTable[];
}
/** All that the page is made from: of each scenario the latest, so that a run of some updates only theirs. */
export interface Results {
  readonly version: typeof VERSION;
  readonly sections: Readonly<Partial<Record<ScenarioName, Section>>>;
  readonly profile?: ProfileSection;
}

/** Raised when what is kept changes its shape: older figures are then forgotten. */
const VERSION = 1;
const NOTHING: Results = { version: VERSION, sections: {} };

/** What earlier runs left in `file`; nothing where there is none, or one of another version. */
export async function readResults(file: string): Promise<Results> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text === '') return NOTHING;
  try {
    const value: unknown = JSON.parse(text);
    return isCurrent(value) ? value : NOTHING;
  } catch {
    return NOTHING;
  }
}

export async function writeResults(file: string, results: Results): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeAtomically(file, `${JSON.stringify(results, undefined, 2)}\n`);
}

function isCurrent(value: unknown): value is Results {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === VERSION &&
    'sections' in value
  );
}
