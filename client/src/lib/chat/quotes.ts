import type { Attachment } from '../../../../shared/wire/rest.ts';
import { attachmentLine } from './attachments.ts';
import { withoutMarkup } from './markdown/plain.ts';

/** Characters of a quoted message that are shown; it is cut to one line besides. */
const LENGTH = 160;

interface Quotable {
  readonly text: string;
  readonly deletedAt?: string;
  readonly attachments?: readonly Attachment[];
}

/** One line that stands for a message: its words, else what its files are. */
export function excerpt({ text, deletedAt, attachments }: Quotable): string {
  if (deletedAt !== undefined) return 'Message deleted';
  const words = withoutMarkup(text.slice(0, LENGTH * 2))
    .replace(/\s+/gu, ' ')
    .trim();
  if (words === '') return attachmentLine(attachments ?? []);
  if (words.length <= LENGTH) return words;
  const symbols = [...words];
  return symbols.length > LENGTH ? `${symbols.slice(0, LENGTH).join('')}…` : words;
}
