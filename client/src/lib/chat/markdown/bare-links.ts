import type { MarkdownIt } from 'markdown-it';
import { linkAt } from '../links.ts';

const SCHEME = /(?<![\p{L}\p{N}])https?$/iu;

/** Makes links of addresses as they are typed, by the rules of plain texts. */
export function bareLinks(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'bare_link', (state, silent) => {
    if (state.src[state.pos] !== ':' || state.linkLevel > 0) return false;
    const scheme = SCHEME.exec(state.pending)?.[0];
    if (scheme === undefined) return false;
    const found = linkAt(state.src.slice(0, state.posMax), state.pos - scheme.length);
    if (found === undefined) return false;
    // Stars at its end close what was opened before it.
    const text = found.text.replace(/[*_~|]+$/u, '');
    if (!silent) {
      state.pending = state.pending.slice(0, -scheme.length);
      state.push('link_open', 'a', 1).attrs = [['href', text]];
      state.push('text', '', 0).content = text;
      state.push('link_close', 'a', -1);
    }
    state.pos += text.length - scheme.length;
    return true;
  });
}
