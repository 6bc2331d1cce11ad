import { ParleyError } from '../../../shared/node/errors.ts';

/** Bytes; a quota of 0 is none. */
export interface FileLimits {
  /** Of one file. */
  readonly file: number;
  /** Of all files of one user. */
  readonly quota: number;
}
/** What one upload may have, and what is said where it is more. */
export interface Allowance {
  readonly limit: number;
  readonly refusal: ParleyError;
}

/**
 * What somebody with so many bytes here may add. Uploads of one user at the same time are each judged by what was there
 * before: with five of them the quota is passed by four files at the most.
 */
export function allowanceOf({ file, quota }: FileLimits, used: number): Allowance {
  const left = Math.max(0, quota - used);
  if (quota === 0 || left >= file) return { limit: file, refusal: tooLarge(file) };
  return { limit: left, refusal: quotaExceeded(quota) };
}

export const quotaExceeded = (quota: number): ParleyError =>
  new ParleyError(
    'quota_exceeded',
    `Your files may take ${inWords(quota)} together. Delete some to make room for this one.`,
  );

const tooLarge = (limit: number): ParleyError =>
  new ParleyError('too_large', `A file may have at most ${inWords(limit)}.`);

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Rounded down: what is said to fit fits. */
function inWords(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1_024 && unit < UNITS.length - 1; unit++) value /= 1_024;
  return `${unit === 0 || value >= 10 ? Math.floor(value) : Math.floor(value * 10) / 10} ${UNITS[unit] ?? ''}`;
}
