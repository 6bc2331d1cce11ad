import type { Outcome } from '../scenarios/bench.ts';
import type { ProfileTable } from '../scenarios/profile.ts';
import { plainTable } from './markdown.ts';

/** A scenario's figures and verdicts for a terminal. */
export function renderOutcome(title: string, { columns, rows, verdicts }: Outcome): string {
  const marks = verdicts.map(({ claim, found, ok }) => `${ok ? '✓' : '✗'} ${claim}: ${found}`);
  return `\n${title}\n\n${indent(plainTable(columns, rows))}\n\n${indent(marks.join('\n'))}\n`;
}

export function renderProfileTable({ title, busy, rows }: ProfileTable): string {
  const shares = rows.map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`]);
  const heading = `${title} (busy ${(busy * 100).toFixed(0)} % of the time)`;
  return `\n${heading}\n\n${indent(plainTable(['where', 'share'], shares))}\n`;
}

const indent = (text: string): string => text.replace(/^/gm, '  ');
