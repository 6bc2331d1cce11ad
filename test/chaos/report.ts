import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { History } from './history.ts';
import type { Evidence, Violation } from './judge.ts';

const SHOWN = 40;

/** The verdict in a few lines. */
export function verdict(
  evidence: Evidence,
  violations: readonly Violation[],
  faults: number,
  settled: number,
): string {
  const kinds = new Map<string, number>();
  for (const { kind } of violations) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const stored = new Map(evidence.reads.map(({ room, rows }) => [room, rows.length]));
  const total = [...stored.values()].reduce((sum, count) => sum + count, 0);
  const acked = new Set(evidence.acks.map(({ room, sender, clientId }) => `${room} ${sender} ${clientId}`))
    .size;
  return [
    `sends ${evidence.sends.length}, acknowledged ${acked}, refused ${evidence.refusals.length}, stored ${total} messages and notices`,
    `faults ${faults}, views ${evidence.views.length}, fresh reads ${evidence.reads.length}, right after ${(settled / 1_000).toFixed(1)} s (loading all history included)`,
    violations.length === 0
      ? 'violations 0'
      : `violations ${violations.length}: ${[...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
    ...violations.slice(0, SHOWN).map(({ kind, where, detail }) => `  ${kind} · ${where} · ${detail}`),
  ].join('\n');
}

/** Writes all evidence as JSON lines and gives the file's path. */
export async function save(
  folder: string,
  name: string,
  history: History,
  evidence: Evidence,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.jsonl`);
  const outcome = [
    ...evidence.views.map((view) => ({ type: 'view', ...view })),
    ...evidence.reads.map((read) => ({ type: 'read', ...read })),
    ...evidence.unread.map((unread) => ({ type: 'unread', ...unread })),
  ].map((line) => JSON.stringify(line));
  await writeFile(path, `${[...history.lines, ...outcome].join('\n')}\n`);
  return path;
}
