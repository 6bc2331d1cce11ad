/** Formatting what is selected in a text that is being written: marks around it, or away from it. Pure. */
import type { TextEdit } from './text-edit.ts';

export type Format = 'bold' | 'italic' | 'strike' | 'code';

/** The part of a KeyboardEvent that decides. */
interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** What a key press asks for. Keyboards without Latin letters go by the place of the key. */
export function formatOf(event: KeyPress): Format | undefined {
  if (event.altKey || event.ctrlKey === event.metaKey) return undefined;
  const letter = /^[a-z]$/iu.test(event.key) ? event.key.toLowerCase() : event.code.slice(3).toLowerCase();
  if (event.shiftKey) return letter === 'x' ? 'strike' : undefined;
  return letter === 'b' ? 'bold' : letter === 'i' ? 'italic' : letter === 'e' ? 'code' : undefined;
}

/** The first is what is written; the others are known as well. */
const MARKS: Readonly<Record<Format, readonly [string, ...string[]]>> = {
  bold: ['**', '__'],
  italic: ['*', '_'],
  strike: ['~~'],
  code: ['`'],
};
const FENCE = '```';
/** What a line of a list or a quote begins with. */
const LINE_START = /^\s*(?:(?:>|[-*+]|\d{1,9}[.)])\s+)*/u;

/** Puts the marks of `format` around the selection, or takes them away where they stand already. */
export function toggled(text: string, from: number, to: number, format: Format): TextEdit {
  const picked = text.slice(from, to);
  const start = from + (picked.length - picked.trimStart().length);
  const end = to - (picked.length - picked.trimEnd().length);
  if (start >= end) return atCaret(text, from, format);
  if (!text.slice(start, end).includes('\n')) return around(text, start, end, format);
  return format === 'code' ? fenced(text, start, end) : lineByLine(text, start, end, format);
}

/** Nothing is selected: a pair of marks to write between, or the way out of one. */
function atCaret(text: string, caret: number, format: Format): TextEdit {
  const mark = MARKS[format][0];
  if (isMarked(text.slice(0, caret), text.slice(caret), mark)) {
    const [from, to] = [caret - mark.length, caret + mark.length];
    return { from, to, words: '', select: [from, from] };
  }
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  if (runAt(text.slice(caret), mark) === mark.length && line.includes(mark)) {
    const behind = caret + mark.length;
    return { from: caret, to: caret, words: '', select: [behind, behind] };
  }
  const inside = caret + mark.length;
  return { from: caret, to: caret, words: mark + mark, select: [inside, inside] };
}

function around(text: string, from: number, to: number, format: Format): TextEdit {
  const picked = text.slice(from, to);
  for (const mark of MARKS[format]) {
    const { length } = mark;
    if (isMarked(text.slice(0, from), text.slice(to), mark))
      return { from: from - length, to: to + length, words: picked, select: [from - length, to - length] };
    const bare = withoutMarks(picked, mark);
    if (bare !== undefined) return { from, to, words: bare, select: [from, from + bare.length] };
  }
  const mark = MARKS[format][0];
  const inside = from + mark.length;
  return { from, to, words: mark + picked + mark, select: [inside, inside + picked.length] };
}

/** Marks do not reach over lines: each line gets its own, unless all have them. */
function lineByLine(text: string, from: number, to: number, format: Format): TextEdit {
  const mark = MARKS[format][0];
  const lines = text
    .slice(from, to)
    .split('\n')
    .map((line) => {
      const start = LINE_START.exec(line)?.[0] ?? '';
      const rest = line.slice(start.length);
      return { start, rest, bare: withoutMarks(rest, mark) };
    });
  const written = lines.filter(({ rest }) => rest.trim() !== '');
  const isAll = written.every(({ bare }) => bare !== undefined);
  const words = lines
    .map(({ start, rest, bare }) => {
      if (rest.trim() === '') return start + rest;
      if (isAll) return start + (bare ?? rest);
      return bare === undefined ? start + mark + rest + mark : start + rest;
    })
    .join('\n');
  return { from, to, words, select: [from, from + words.length] };
}

/** Several lines of code are a block of their own. */
function fenced(text: string, from: number, to: number): TextEdit {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const next = text.indexOf('\n', to);
  const end = next === -1 ? text.length : next;
  const picked = text.slice(start, end);
  const lines = picked.split('\n');
  const isBlock = lines.length > 2 && lines[0]?.startsWith(FENCE) === true && lines.at(-1)?.trim() === FENCE;
  const words = isBlock ? lines.slice(1, -1).join('\n') : `${FENCE}\n${picked}\n${FENCE}`;
  return { from: start, to: end, words, select: [start, start + words.length] };
}

/** Whether the marks stand directly outside: a single star is not half of a double one. */
function isMarked(before: string, after: string, mark: string): boolean {
  const [left, right] = [runAt([...before].reverse().join(''), mark), runAt(after, mark)];
  return fits(Math.min(left, right), mark);
}

function withoutMarks(picked: string, mark: string): string | undefined {
  const { length } = mark;
  if (picked.length <= 2 * length) return undefined;
  const run = Math.min(runAt(picked, mark), runAt([...picked].reverse().join(''), mark));
  return fits(run, mark) ? picked.slice(length, -length) : undefined;
}

/** How often the mark's character stands at the beginning. */
function runAt(text: string, mark: string): number {
  let run = 0;
  while (run < 4 && text[run] === mark[0]) run += 1;
  return run;
}

/** Three are both: one and two. */
function fits(run: number, mark: string): boolean {
  if (mark[0] !== '*' && mark[0] !== '_') return run === mark.length;
  return run === 3 || run === mark.length;
}
