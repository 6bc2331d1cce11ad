/** Lists as text: their items one behind the other, told apart. */

/** An item's mark, also within a quote. */
const ITEM = /^[ \t]*(?:>[ \t]*)*(?:[-+*]|\d{1,9}[.)])[ \t]+(?=\S)/u;
const FENCE = /^ {0,3}(?:`{3}|~{3})/u;
const GOES_ON = /^[ \t]/u;
const BETWEEN_ITEMS = ' ·';

/** `text` with a mark behind each item that another follows: "milk · eggs". What stands between fences is no list. */
export function flatLists(text: string): string {
  const lines = text.split('\n');
  /** The last line of the item before, while its list goes on. */
  let before: number | undefined;
  let isCode = false;
  for (const [at, line] of [...lines].entries()) {
    if (FENCE.test(line)) isCode = !isCode;
    if (line.trim() === '') continue;
    const isItem = !isCode && ITEM.test(line);
    if (isItem && before !== undefined) lines[before] += BETWEEN_ITEMS;
    before = isItem || (before !== undefined && !isCode && GOES_ON.test(line)) ? at : undefined;
  }
  return lines.join('\n');
}
