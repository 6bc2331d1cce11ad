import { mongo } from 'mongoose';
import type { LogEntry, LogStore } from '../../store/log.ts';

export type VoidOutcome =
  /** The number came to nothing; the void must be published. */
  | { readonly kind: 'voided'; readonly entry: LogEntry }
  /** Something stood there already. */
  | { readonly kind: 'taken' }
  /** No answer from the store: the number stays open, and whoever is asked for it later decides it. */
  | { readonly kind: 'unknown' };

/** Decides numbers as void; counts only once the store acknowledged it. One outcome per number, in order. */
export async function insertVoids(
  store: LogStore,
  numbers: readonly { readonly room: string; readonly seq: number }[],
): Promise<readonly VoidOutcome[]> {
  if (numbers.length === 0) return [];
  const entries = numbers.map(({ room, seq }): LogEntry => ({
    id: newId(),
    room,
    seq,
    kind: 'void',
    at: new Date(),
    rev: seq,
  }));
  const outcomes = await store.insert(entries);
  return entries.map((entry, i) => {
    const outcome = outcomes[i];
    if (outcome === 'stored') return { kind: 'voided', entry };
    return outcome === 'taken' ? { kind: 'taken' } : { kind: 'unknown' };
  });
}

/** A fresh id for a log entry: an ObjectId as hex. */
export const newId = (): string => new mongo.ObjectId().toHexString();
