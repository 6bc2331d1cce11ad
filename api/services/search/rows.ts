import type { LogEntry } from '../../store/log.ts';
import type { Feature, SearchRow } from '../../store/search.ts';
import { terms, tokens } from './words.ts';

const LINK = /\bhttps?:\/\/[^\s/]/iu;

/** A text message's row; without words where it was deleted. */
export function toRow(entry: LogEntry): SearchRow {
  const { id, room, seq, rev, sender = '', at } = entry;
  const isGone = entry.deletedAt !== undefined;
  const words = isGone ? [] : [...terms(tokens(entry.text ?? ''))];
  return { id, room, seq, rev, sender, at, words, has: isGone ? [] : features(entry) };
}

/** What the message can be asked to have. Pictures are told from other files once attachments say their type. */
export function features({ text = '', attachments = [] }: LogEntry): Feature[] {
  return [
    ...(LINK.test(text) ? ['link' as const] : []),
    ...(attachments.length > 0 ? ['file' as const] : []),
  ];
}
