/** Lists, quotes and links in a text that is being written. Pure. */
import type { TextEdit } from './text-edit.ts';

export type LineFormat = 'list' | 'quote';

interface LineMark {
  /** What may stand before it. */
  readonly lead: RegExp;
  readonly mark: string;
  /** The mark as people write it, after the lead. */
  readonly known: RegExp;
}
const MARKS: Readonly<Record<LineFormat, LineMark>> = {
  list: { lead: /^\s*(?:>\s?)*/u, mark: '- ', known: /^(?:[-*+]|\d{1,9}[.)])\s+/u },
  quote: { lead: /^\s*/u, mark: '> ', known: /^>\s?/u },
};
const ADDRESS = /^https?:\/\/\S+$/iu;
/** What an address begins with, to be written over. */
const SCHEME = 'https://';

/** Makes items or quotes of the lines that are touched, or plain lines again where all of them are that. */
export function toggledLines(text: string, from: number, to: number, format: LineFormat): TextEdit {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  // A selection that ends at the start of a line does not reach into it.
  const last = to > from && text[to - 1] === '\n' ? to - 1 : to;
  const next = text.indexOf('\n', last);
  const end = next === -1 ? text.length : next;
  const { lead, mark, known } = MARKS[format];
  const lines = text
    .slice(start, end)
    .split('\n')
    .map((line) => {
      const before = lead.exec(line)?.[0] ?? '';
      const rest = line.slice(before.length);
      const found = known.exec(rest)?.[0];
      return { before, rest, bare: found === undefined ? undefined : rest.slice(found.length) };
    });
  // Between items there are no empty ones; a quote goes on over an empty line.
  const isLeft = (line: string): boolean => format === 'list' && lines.length > 1 && line === '';
  const isAll = lines.every(({ before, rest, bare }) => bare !== undefined || isLeft(before + rest));
  const words = lines
    .map(({ before, rest, bare }) => {
      if (isAll) return before + (bare ?? rest);
      return bare !== undefined || isLeft(before + rest) ? before + rest : before + mark + rest;
    })
    .join('\n');
  const grown = words.length - (end - start);
  const caret = Math.max(start, from + grown);
  return { from: start, to: end, words, select: from === to ? [caret, caret] : [start, end + grown] };
}

/** A link of what is selected: then its address is written, or its name where an address was selected. */
export function linked(text: string, from: number, to: number): TextEdit {
  const picked = text.slice(from, to);
  const start = from + (picked.length - picked.trimStart().length);
  const name = picked.trim();
  const end = start + name.length;
  if (name === '' || ADDRESS.test(name)) {
    const at = name === '' ? from : start;
    const words = `[](${name === '' ? SCHEME : name})`;
    return { from: at, to: name === '' ? to : end, words, select: [at + 1, at + 1] };
  }
  const address = start + name.length + 3;
  return { from: start, to: end, words: `[${name}](${SCHEME})`, select: [address, address + SCHEME.length] };
}
