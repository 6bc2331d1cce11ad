import type { MarkdownIt } from 'markdown-it';

export const SHRUG = '¯\\_(ツ)_/¯';

/** Leaves it its arms, which are an escape and an emphasis otherwise. */
export function shrug(md: MarkdownIt): void {
  const arm = SHRUG.slice(1);
  md.inline.ruler.before('escape', 'shrug', (state, silent) => {
    if (state.src[state.pos] !== '\\' || !state.src.startsWith(SHRUG, state.pos - 1)) return false;
    if (!silent) state.pending += arm;
    state.pos += arm.length;
    return true;
  });
}
