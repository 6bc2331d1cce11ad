import type { MarkdownIt } from 'markdown-it';

/** `@name` or `@room` where a word begins; a dot at the end closes the sentence, not the name. */
const MENTION = /@([a-z0-9_.-]{2,32})/iuy;

/**
 * The hook for mentions: each `@name` outside links and code becomes `<span data-mention="name">@name</span>`. Whom it names,
 * and whether anybody, is up to whoever draws the message: `MarkedText` asks its `mention` for each of them.
 */
export function mentions(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'mention', (state, silent) => {
    if (state.src[state.pos] !== '@' || state.linkLevel > 0) return false;
    const name = mentionAt(state.src, state.pos);
    if (name === undefined) return false;
    if (!silent) {
      const open = state.push('mention_open', 'span', 1);
      open.attrs = [['data-mention', name]];
      state.push('text', '', 0).content = `@${name}`;
      state.push('mention_close', 'span', -1);
    }
    state.pos += name.length + 1;
    return true;
  });
}

/** The name mentioned at `index` of `text`; undefined where none is. */
export function mentionAt(text: string, index: number): string | undefined {
  if (/[\p{L}\p{N}_]/u.test(text[index - 1] ?? '')) return undefined;
  const sticky = new RegExp(MENTION);
  sticky.lastIndex = index;
  const name = sticky
    .exec(text)?.[1]
    ?.replace(/[.-]+$/u, '')
    .toLowerCase();
  return name === undefined || name.length < 2 ? undefined : name;
}
