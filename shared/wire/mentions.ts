/** Finding `@names` in a text, the same on the server and on screen. Pure; linear in the text's length. */

/** What a sender may write to name everybody in the room. */
export const ROOM_ALIASES: ReadonlySet<string> = new Set(['room', 'all', 'channel', 'here']);

/** An `@name` as written. */
export interface MentionToken {
  /** What it may mean, in lower case, the likelier first: punctuation behind a name is seldom a part of it. */
  readonly names: readonly string[];
  /** Where the `@` stands. */
  readonly from: number;
  /** Behind the last character of the first name. */
  readonly to: number;
}

/** Not inside an address, a path or a word; and not followed by what makes it an address. */
const TOKEN = /(?<![\p{L}\p{N}_.@/+-])@([a-z0-9_.-]{3,32})(?![\p{L}\p{N}_@])/giu;
const FENCE = /^ {0,3}(`{3,}|~{3,})/u;
/** A name may end in these, a sentence does so more often. */
const TRAILING = /[.-]+$/u;

/** Every `@name` outside code, in order.  */
export function mentionTokens(text: string): readonly MentionToken[] {
  if (!text.includes('@')) return [];
  return [...withoutCode(text).matchAll(TOKEN)].flatMap(({ 1: written = '', index }) => {
    const full = written.toLowerCase();
    const names = [...new Set([full.replace(TRAILING, ''), full])].filter(({ length }) => length >= 3);
    const [first] = names;
    return first === undefined ? [] : [{ names, from: index, to: index + 1 + first.length }];
  });
}

/** The text with its code blocks and spans blanked, each character in its place. */
function withoutCode(text: string): string {
  if (!text.includes('`') && !text.includes('~~~')) return text;
  return withoutSpans(withoutBlocks(text));
}

function withoutBlocks(text: string): string {
  let fence: string | undefined;
  const lines = text.split('\n').map((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (fence === undefined) {
      fence = mark;
      return mark === undefined ? line : blank(line);
    }
    const closes = mark !== undefined && mark.startsWith(fence) && line.trim() === mark;
    if (closes) fence = undefined;
    return blank(line);
  });
  return lines.join('\n');
}

/** Between two runs of equally many backticks stands code; a run without its like is text. */
function withoutSpans(text: string): string {
  const runs = [...text.matchAll(/`+/gu)].map(({ 0: ticks, index }) => ({ at: index, length: ticks.length }));
  const closers = closersOf(runs.map(({ length }) => length));
  let result = '';
  let from = 0;
  for (let i = 0; i < runs.length; i += 1) {
    const [open, closer] = [runs[i], closers[i]];
    const close = closer === undefined ? undefined : runs[closer];
    if (open === undefined || close === undefined || closer === undefined) continue;
    const end = close.at + close.length;
    result += text.slice(from, open.at) + blank(text.slice(open.at, end));
    from = end;
    i = closer;
  }
  return result + text.slice(from);
}

/** For each run the next one of the same length. */
function closersOf(lengths: readonly number[]): readonly (number | undefined)[] {
  const next = new Map<number, number>();
  const closers: (number | undefined)[] = [];
  for (let i = lengths.length - 1; i >= 0; i -= 1) {
    const length = lengths[i] ?? 0;
    closers[i] = next.get(length);
    next.set(length, i);
  }
  return closers;
}

const blank = (text: string): string => ' '.repeat(text.length);
