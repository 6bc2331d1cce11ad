/** What can be said of a message's markup without the library that renders it. */
import { flatLists } from './lists.ts';
import { flatTables } from './tables.ts';

/** Whatever could begin markup; a text without any of it is drawn as it is. */
const MARKUP = /[*_~`<\\[|]|^ {0,3}(?:>|(?:#{1,6}|[-+]|\d{1,9}[.)])(?:\s|$))/mu;
/** Addresses are full of underscores and mean none of them. */
const LINK = /https?:\/\/[^\s<>"'`*[\]|~]+/giu;

/** Whether `text` needs the renderer. May say so of a text that has no markup, never the other way round. */
export function mayHaveMarkup(text: string): boolean {
  return MARKUP.test(text) && MARKUP.test(text.replace(LINK, 'link'));
}

const FENCE = /^ {0,3}(?:`{3,}|~{3,}).*$/gmu;
const LINE_START = /^(?:\s{0,3}(?:>|#{1,6}\s|[-+*]\s))+\s*/gmu;
const LABELLED = /\[([^\][\n]+)\]\([^)\s]*\)/gu;
const PAIRS = /(\*\*\*|\*\*|\*|~~|(?<![\p{L}\p{N}])_{1,3}|`+)(?=\S)(.+?)(?<=\S)\1(?![\p{L}\p{N}])/gu;
/** Marks stand inside marks: bold in italic in strike. */
const DEPTH = 3;

/** `text` as a line of plain words, for previews: marks are taken away, what they mark stays. */
export function withoutMarkup(text: string): string {
  if (!mayHaveMarkup(text)) return text;
  const lines = flatTables(flatLists(text).replace(LINE_START, ''));
  let plain = lines.replace(FENCE, ' ').replace(LABELLED, '$1');
  for (let depth = 0; depth < DEPTH; depth += 1) plain = plain.replace(PAIRS, '$2');
  return plain;
}

/** Characters that fill a line of a message, a little fewer than there are. */
const LINE = 60;
/** A message is folded when it is at least this many lines long; then its first `FOLDED_LINES` are shown. */
const LONG_LINES = 30;
/** Enough fewer that unfolding is worth a click. */
export const FOLDED_LINES = 18;
/** Told, upwards, before a message unfolds. */
export const UNFOLD = 'parley:unfold';

/** Whether a message is shown folded at first: judged by its text, so that its height is known before it is drawn. */
export function isLong(text: string): boolean {
  if (text.length < LONG_LINES) return false;
  let lines = 0;
  for (const line of text.split('\n')) {
    lines += Math.max(1, Math.ceil(line.length / LINE));
    if (lines >= LONG_LINES) return true;
  }
  return false;
}
