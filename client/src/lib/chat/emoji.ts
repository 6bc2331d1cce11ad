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
