/** Splits plain text into text and links, so that nothing of a message is ever parsed as markup. */
import { parseUrl } from '../../../../shared/wire/parse-url.ts';

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const CANDIDATE = /https?:\/\/[^\s<>"'`]+/giu;
const TRAILING = /[.,:;!?…]+$/u;
const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The link that begins at `index` of `text`, without what ends the sentence; undefined where none does. */
export function linkAt(
  text: string,
  index: number,
): { readonly text: string; readonly href: string } | undefined {
  const sticky = new RegExp(CANDIDATE.source, 'iuy');
  sticky.lastIndex = index;
  const candidate = sticky.exec(text)?.[0];
  if (candidate === undefined) return undefined;
  const link = trimLink(candidate);
  const href = safeHref(link);
  return href === undefined ? undefined : { text: link, href };
}

/** The parts of `text` in order; joined they give `text` again. Only http and https become links. */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const link = trimLink(match[0]);
    const href = safeHref(link);
    if (href === undefined) continue;
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    parts.push({ kind: 'link', text: link, href });
    from = match.index + link.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** Whether a link of `text` leads away from `origin`: of this very site there is nothing to show on a card. */
export function leadsElsewhere(text: string, origin: string): boolean {
  return splitLinks(text).some((part) => part.kind === 'link' && !isWithin(part.href, origin));
}

/** Whether `href` is a place at `origin`. */
export function isWithin(href: string, origin: string): boolean {
  return parseUrl(href)?.origin === origin;
}

/** Punctuation that ends a sentence, or closes a bracket opened before the link, is not the link's. */
function trimLink(candidate: string): string {
  let link = candidate;
  for (;;) {
    const shorter = dropUnopened(link.replace(TRAILING, ''));
    if (shorter === link) return link;
    link = shorter;
  }
}

function dropUnopened(link: string): string {
  const last = link.at(-1) ?? '';
  const opener = CLOSERS[last];
  if (opener === undefined) return link;
  return count(link, last) > count(link, opener) ? link.slice(0, -1) : link;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

function safeHref(link: string): string | undefined {
  const url = parseUrl(link);
  if (url === undefined || url.hostname === '') return undefined;
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}
