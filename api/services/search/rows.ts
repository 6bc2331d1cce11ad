import { features, searchable, type Feature } from '../../../shared/wire/search.ts';
import { tokens } from '../../../shared/wire/words.ts';
import type { LogEntry } from '../../store/log.ts';
import type { SearchRow } from '../../store/search.ts';
import { terms } from './terms.ts';

/** A text message's row; without words where it was deleted. */
export function toRow(entry: LogEntry): SearchRow {
  const { id, room, seq, rev, sender = '', at } = entry;
  const isGone = entry.deletedAt !== undefined;
  const has = isGone ? [] : features(entry);
  const words = isGone ? [] : [...terms(tokens(searchable(entry))), ...marksOf(entry, has)];
  return { id, room, seq, rev, sender, at, words, has };
}

/** Terms that stand for what is no word, so that the same index finds messages by it alone. */
export const MARK = {
  from: (user: string): string => `from:${user}`,
  has: (feature: Feature): string => `has:${feature}`,
  /** A user's id, or "room". */
  mention: (mention: string): string => `@${mention}`,
} as const;

/** Whether marks begin so, every message's among them: that is no way to look for words. */
export const beginsMarks = (beginning: string): boolean =>
  [MARK.from(''), 'has:'].some((mark) => mark.startsWith(beginning));

function marksOf({ sender = '', mentions = [] }: LogEntry, has: readonly Feature[]): readonly string[] {
  return [MARK.from(sender), ...has.map(MARK.has), ...mentions.map(MARK.mention)];
}
