import type { About, Violation } from './judge/index.ts';
import { readJournal, type JournalLine } from './journal.ts';

const MAX_LINES = 120;
/** ms around the event in which faults and other events count as near. */
const NEAR = 15_000;
const FAULTS = new Set(['fault', 'trouble', 'mended']);

/** All that the journal tells of what a violation is about, and the faults near it, in order. */
export async function story({ about }: Violation, path: string): Promise<readonly string[]> {
  const at = about.at ?? (await firstMention(about, path)) ?? 0;
  const lines: string[] = [];
  let left = 0;
  for await (const line of readJournal(path)) {
    if (!belongs(line, about, at)) continue;
    if (lines.length < MAX_LINES) lines.push(format(line));
    else left += 1;
  }
  return left === 0 ? lines : [...lines, `… and ${left} more`];
}

async function firstMention(about: About, path: string): Promise<number | undefined> {
  for await (const line of readJournal(path)) if (isAbout(line, about)) return line.at;
  return undefined;
}

function belongs(line: JournalLine, about: About, at: number): boolean {
  const distance = Math.abs(line.at - at);
  if (FAULTS.has(line.type)) return distance < NEAR;
  if (isAbout(line, about)) return true;
  const isOfUser = about.user !== undefined && (line['user'] === about.user || line['sender'] === about.user);
  if (['removed', 'returns', 'overheard'].includes(line.type)) return isOfUser && distance < NEAR;
  return line['who'] === 'run' && distance < NEAR;
}

/** The message itself: its number or its clientId. */
function isAbout(line: JournalLine, { room, seq, clientId }: About): boolean {
  if (clientId !== undefined && line['clientId'] === clientId) return true;
  if (room === undefined || seq === undefined) return false;
  if (line['room'] === room && line['seq'] === seq) return true;
  return line.type === 'note' && String(line['text']).includes(`${room} ${seq} `);
}

function format({ at, type, ...fields }: JournalLine): string {
  const shown = Object.entries(fields).map(([name, value]) =>
    name === 'text' || name === 'who' ? String(value) : `${name} ${JSON.stringify(value)}`,
  );
  return `${(at / 1_000).toFixed(2).padStart(9)}  ${type.padEnd(9)} ${shown.join(' ')}`;
}
