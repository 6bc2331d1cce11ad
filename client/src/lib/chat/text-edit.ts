/** One replacement in a text, and what is selected after it. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  /** What takes the place of what stood between. */
  readonly words: string;
  readonly select: readonly [from: number, to: number];
}

/** `text` after the edit. */
export function applied(text: string, { from, to, words }: TextEdit): string {
  return text.slice(0, from) + words + text.slice(to);
}

/** `words` in the place of what stands between, the cursor behind them; a space follows where none does yet. */
export function completion(text: string, from: number, to: number, words: string): TextEdit {
  const gap = text[to] === ' ' ? '' : ' ';
  const caret = from + words.length + 1;
  return { from, to, words: words + gap, select: [caret, caret] };
}
