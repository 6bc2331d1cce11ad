/**
 * A text as search sees it: words, without case and accents, the same in every language. Scripts written without spaces
 * are taken character by character, so that no dictionary decides what can be found.
 */

/** Characters of a word that count: longer ones are found by their beginning. */
const WORD_LENGTH = 40;

const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u30fc\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`;
/** A single character of an unspaced script, a pictograph, or a run of letters, digits and their marks. */
const TOKEN = new RegExp(
  String.raw`[${UNSPACED}\p{Extended_Pictographic}]|[[\p{L}\p{N}\p{M}]--[${UNSPACED}]]+`,
  'gv',
);
/** Letters of a word still being typed by which it is looked for. */
const MIN_BEGINNING = 2;
const LETTERS = /^[\p{L}\p{N}\p{M}]+$/u;
const CHARACTER = new RegExp(`^[${UNSPACED}]$`, 'v');
/** Accents of Latin, Greek and Cyrillic letters; marks of other scripts are letters to their readers. */
const ACCENTS = /[\u0300-\u036f]/g;

/** UTF-16 units looked at once letters and accents are apart: some characters come apart into eighteen. */
const MAX_LENGTH = 24_000;

/** The words of `text` in order. */
export function tokens(text: string): string[] {
  const apart = text.normalize('NFKD').slice(0, MAX_LENGTH);
  const plain = apart.replace(ACCENTS, '').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
  return (plain.match(TOKEN) ?? []).map(shorten);
}

/** Whether the words of `part` follow one another in `whole`. */
export function follows(whole: readonly string[], part: readonly string[]): boolean {
  if (part.length === 0) return true;
  for (let i = whole.indexOf(part[0] ?? ''); i !== -1; i = whole.indexOf(part[0] ?? '', i + 1))
    if (part.every((token, k) => whole[i + k] === token)) return true;
  return false;
}

/** As `follows`, where the last word of `part` may be the beginning of one. */
export function followsTyped(whole: readonly string[], part: readonly string[]): boolean {
  const [before, last = ''] = [part.slice(0, -1), part.at(-1)];
  return whole.some((word, i) => {
    const from = i - before.length;
    return word.startsWith(last) && from >= 0 && before.every((token, k) => whole[from + k] === token);
  });
}

/** Whether a word may be looked for by this much of it: one letter begins too many, and a character of unspaced text is a word. */
export const isBeginning = (token: string): boolean =>
  token.length >= MIN_BEGINNING && token.length < WORD_LENGTH && LETTERS.test(token);

const shorten = (token: string): string =>
  token.length <= WORD_LENGTH ? token : [...token].slice(0, WORD_LENGTH).join('');

/** Of a script without spaces. */
export const isCharacter = (token: string): boolean => CHARACTER.test(token);
