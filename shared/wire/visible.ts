/** What can be seen of a text, and names without what cannot. Pure and browser-safe. */

/** Of the format characters, only signs that Arabic numbers and verses stand in are drawn. U+2800 and U+1D159 are blank by design. */
const VISIBLE =
  /[^\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]|[\u0600-\u0605\u06dd\u0890\u0891\u08e2]/u;

/** Whether nobody would see anything of it: empty, spaces, controls, joiners and fillers. */
export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  // Asked of every message, of which almost every one begins like this.
  if (first > 0x20 && first < 0x7f) return false;
  return !VISIBLE.test(text);
}

const BREAKS = /[\t\n\v\f\r\x85\u2028\u2029]+/gu;
/** Nothing that a name needs in any language: controls, marks that turn the direction, spaces without width, fillers. */
const UNSEEN =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]+/gu;
/** Tags mean something behind the flag whose country they spell. */
const TAGS = /(?<![\u{1f3f4}\u{e0020}-\u{e007f}])[\u{e0000}-\u{e007f}]+/gu;
/**
 * Joiners, fillers and variants shape emojis, keycaps and the letters of many scripts, but none of these. A non-joiner at
 * the end of a word parts nothing; a joiner there may be half of a letter.
 */
const JOINERS =
  /(?<=(?:^|[\s!-~\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}*)(?!\ufe0f\u20e3)\p{Default_Ignorable_Code_Point}+|\u200c+(?=\s|$)/gu;

/** A name or a line as it is kept, so that two that look alike are alike: on one line, without what nobody sees. */
export function tidyLine(text: string): string {
  return text.replace(BREAKS, ' ').replace(UNSEEN, '').replace(TAGS, '').replace(JOINERS, '').trim();
}
