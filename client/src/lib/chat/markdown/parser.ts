/** The markdown of messages: a tight set, without HTML, images or large headings. Loaded when a message needs it. */
import Markdown, { type MarkdownIt, type MarkdownItOptions, type Token } from 'markdown-it';
import { bareLinks } from './bare-links.ts';
import { mentions } from './mentions.ts';
import { shrug } from './shrug.ts';
import { parseUrl } from '../../../../../shared/wire/parse-url.ts';

/** What people type and do not mean: `---` under a line, `&amp;`, four spaces, `[1]: somewhere`. */
const LEFT_AS_TYPED = ['image', 'html_inline', 'html_block', 'entity', 'code', 'lheading', 'hr', 'reference'];
const OPTIONS: MarkdownItOptions = {
  html: false,
  breaks: true,
  linkify: false,
  typographer: false,
  maxNesting: 20,
};
/** Blocks that may be written in a direction of their own. */
const DIRECTED = new Set([
  'paragraph_open',
  'heading_open',
  'list_item_open',
  'blockquote_open',
  'th_open',
  'td_open',
]);

/** A parser of its own; it keeps nothing from one text to the next. */
export function createMarkdown(): MarkdownIt {
  const md = new Markdown(OPTIONS).disable(LEFT_AS_TYPED).use(bareLinks).use(mentions).use(shrug);
  md.validateLink = (url) => safeUrl(url) !== undefined;
  md.core.ruler.push('parley', ({ tokens }) => {
    for (const token of tokens) dress(token);
  });
  // The line break is drawn by the element: text inside keeps its white space.
  md.renderer.rules['softbreak'] = () => '<br>';
  md.renderer.rules['hardbreak'] = () => '<br>';
  md.renderer.rules['table_open'] = () => '<div class="table"><table>';
  md.renderer.rules['table_close'] = () => '</table></div>';
  return md;
}

function dress(token: Token): void {
  if (token.type.startsWith('heading_')) token.tag = 'p';
  if (token.type === 'heading_open') token.attrSet('class', 'heading');
  if (DIRECTED.has(token.type)) token.attrSet('dir', 'auto');
  let isLink = true;
  for (const child of token.children ?? []) {
    if (child.type === 'link_open') isLink = secure(child);
    if (!isLink && child.type.startsWith('link_')) child.tag = 'span';
  }
}

/** Links leave the page without telling it, and say where they lead: their text may claim something else. False: to nowhere. */
function secure(link: Token): boolean {
  const href = safeUrl(String(link.attrGet('href') ?? ''));
  link.attrs = null;
  if (href === undefined) return false;
  link.attrs = [
    ['href', href],
    ['title', href],
    ['target', '_blank'],
    ['rel', 'noopener noreferrer nofollow'],
  ];
  return true;
}

const SCHEMES = ['http:', 'https:', 'mailto:'];

/** `url` as the browser will read it; undefined where it leads anywhere but to the web or to a mailbox. */
export function safeUrl(url: string): string | undefined {
  const parsed = parseUrl(url.trim());
  return parsed !== undefined && SCHEMES.includes(parsed.protocol) ? parsed.href : undefined;
}
