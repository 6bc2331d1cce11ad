import type { TextEdit } from './text-edit.ts';

/** Indent, quote marks, and the mark of a list. */
const START = /^(\s*)((?:>\s?)*)(?:([-*+]|\d{1,9}[.)])(\s+))?/u;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/gmu;

/**
 * A new line in a list or a quote goes on with it; in an item without words it ends it. Undefined: a plain new line. Pure.
 */
export function nextLine(text: string, from: number, to: number): TextEdit | undefined {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const [head = '', indent = '', quote = '', mark = '', gap = ''] = START.exec(text.slice(start, from)) ?? [];
  if (quote === '' && mark === '') return undefined;
  if (isInFence(text.slice(0, start))) return undefined;
  const next = text.indexOf('\n', from);
  const end = next === -1 ? text.length : next;
  if (from === to && text.slice(start + head.length, end).trim() === '') {
    // What is left of it: a quote goes on without the list in it.
    const words = mark === '' ? '' : indent + quote;
    return { from: start, to: end, words, select: [start + words.length, start + words.length] };
  }
  const words = `\n${indent}${quote}${following(mark)}${gap}`;
  return { from, to, words, select: [from + words.length, from + words.length] };
}

/** A new line, in a list or a quote its next one. */
export function newLine(text: string, from: number, to: number): TextEdit {
  return nextLine(text, from, to) ?? { from, to, words: '\n', select: [from + 1, from + 1] };
}

function following(mark: string): string {
  const number = Number.parseInt(mark, 10);
  return Number.isNaN(number) ? mark : `${String(number + 1)}${mark.at(-1) ?? '.'}`;
}

/** In code lines begin with whatever they want. */
function isInFence(before: string): boolean {
  return (before.match(FENCE)?.length ?? 0) % 2 === 1;
}
