import type { Attachment } from '../../../shared/wire/rest.ts';
import type { LogEntry } from '../../store/log.ts';
import type { Feature, SearchRow } from '../../store/search.ts';
import { terms, tokens } from './words.ts';

const LINK = /\bhttps?:\/\/[^\s/]/iu;

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

/** What a message is found by: its text and the names of its files. */
export function searchable({ text = '', attachments = [] }: LogEntry): string {
  return attachments.length === 0 ? text : [text, ...attachments.map(({ name }) => name)].join('\n');
}

/** What the message can be asked to have: a picture is no file here; what was recorded to be listened to is one, too. */
export function features({ text = '', attachments = [] }: LogEntry): Feature[] {
  return [
    ...(LINK.test(text) ? ['link' as const] : []),
    ...(attachments.some((one) => !isPicture(one)) ? ['file' as const] : []),
    ...(attachments.some(isPicture) ? ['image' as const] : []),
    ...(attachments.some(isVoice) ? ['voice' as const] : []),
  ];
}

const isPicture = ({ width }: Attachment): boolean => width !== undefined;
const isVoice = ({ waveform }: Attachment): boolean => waveform !== undefined;
