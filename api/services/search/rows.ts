import type { LogEntry } from '../../store/log.ts';
import type { Feature, SearchRow } from '../../store/search.ts';
import { terms, tokens } from './words.ts';

const LINK = /\bhttps?:\/\/[^\s/]/iu;

/** A text message's row; without words where it was deleted. */
export function toRow(entry: LogEntry): SearchRow {
  const { id, room, seq, rev, sender = '', at } = entry;
  const isGone = entry.deletedAt !== undefined;
  const has = isGone ? [] : features(entry);
  const words = isGone ? [] : [...terms(tokens(entry.text ?? '')), ...marksOf(entry, has)];
  return { id, room, seq, rev, sender, at, words, has };
}

/** Terms that stand for what is no word, so that the same index finds messages by it alone. */
export const MARK = {
  from: (user: string): string => `from:${user}`,
  has: (feature: Feature): string => `has:${feature}`,
  /** A user's id, or "room". */
  mention: (mention: string): string => `@${mention}`,
} as const;

function marksOf({ sender = '', mentions = [] }: LogEntry, has: readonly Feature[]): readonly string[] {
  return [MARK.from(sender), ...has.map(MARK.has), ...mentions.map(MARK.mention)];
}

/** What the message can be asked to have. Pictures are told from other files once attachments say their type. */
export function features({ text = '', attachments = [] }: LogEntry): Feature[] {
  return [
    ...(LINK.test(text) ? ['link' as const] : []),
    ...(attachments.length > 0 ? ['file' as const] : []),
  ];
}
