/** What is an emoji, and a message of nothing else. */

const EMOJI = '(?:\\p{RGI_Emoji}|\\p{Extended_Pictographic}\\uFE0F?)';
/** More than three are a pattern, not a face. */
const FEW = 3;

/** Engines without properties of strings show such messages like all others. */
function compile(): RegExp | undefined {
  try {
    return new RegExp(`^\\s*(?:${EMOJI}\\s*){1,${String(FEW)}}$`, 'v');
  } catch {
    return undefined;
  }
}
const FEW_EMOJIS = compile();
/** A family in four skin tones takes this many characters. */
const MAX_LENGTH = 60;

/** Whether `text` is one to three emojis: they are shown large. */
export function isFewEmojis(text: string): boolean {
  return text.length <= MAX_LENGTH && (FEW_EMOJIS?.test(text) ?? false);
}

/** The emoji that `text` begins with, and what follows it. */
export function splitLeadingEmoji(text: string): { readonly emoji: string; readonly rest: string } {
  const [first = '', ...others] = text.trim().split(/\s+/u);
  if (!isFewEmojis(first)) return { emoji: '', rest: text.trim() };
  return { emoji: first, rest: others.join(' ') };
}

function compileOne(): RegExp | undefined {
  try {
    return new RegExp('^\\p{RGI_Emoji}$', 'v');
  } catch {
    return undefined;
  }
}
const ONE_EMOJI = compileOne();

/** Without the mark for colour where it is an emoji without it too: the same reaction whoever picks it. */
export function plainEmoji(emoji: string): string {
  const bare = emoji.replace(/\uFE0F$/u, '');
  return ONE_EMOJI?.test(bare) === true ? bare : emoji;
}
