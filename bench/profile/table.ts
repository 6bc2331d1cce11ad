import type { Analysis, Share } from './analyse.ts';
import { isOwnFile } from './categories.ts';

/** Categories below this share of the busy time are added up in one row. */
const SMALL = 0.01;
/** Files of our own shown by name; the rest of them is one row. */
const OWN_FILES = 6;

/** The analysis as rows for people: the largest categories, what is left of our own files, and all the rest. */
export function summarise({ categories }: Analysis): readonly Share[] {
  const own = categories.filter(({ name }) => isOwnFile(name));
  const shown = new Set(own.slice(0, OWN_FILES).filter(({ share }) => share >= SMALL));
  const foreign = categories.filter(({ name, share }) => !isOwnFile(name) && share >= SMALL);
  const rows = [...foreign, ...shown].toSorted((a, b) => b.self - a.self);
  const other = categories.filter((row) => !foreign.includes(row) && !shown.has(row));
  return [
    ...rows,
    ...sumOf(
      'our other files',
      other.filter(({ name }) => isOwnFile(name)),
    ),
    ...sumOf(
      'everything else',
      other.filter(({ name }) => !isOwnFile(name)),
    ),
  ];
}

/** A Markdown table of the summary; with `perOperation` (how many there were) also µs each. */
export function markdownTable(analysis: Analysis, operations?: number): string {
  const rows = summarise(analysis).map(({ name, share, self }) => {
    const cost = operations === undefined ? '' : ` ${(self / operations).toFixed(2)} |`;
    return `| ${name} | ${(share * 100).toFixed(1)} % |${cost}`;
  });
  const head =
    operations === undefined
      ? ['| where | share |', '|---|---|']
      : ['| where | share | µs each |', '|---|---|---|'];
  return [...head, ...rows].join('\n');
}

function sumOf(name: string, rows: readonly Share[]): readonly Share[] {
  if (rows.length === 0) return [];
  const sum = (pick: (row: Share) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  return [{ name, self: sum((row) => row.self), share: sum((row) => row.share) }];
}
