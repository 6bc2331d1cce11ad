/** Words as in a vocabulary of some size, so that a text index has something to do. */
const WORDS = 2_000;
const WORDS_PER_TEXT = 12;
const SYLLABLES = ['ba', 'ne', 'ri', 'so', 'lu', 'ka', 'te', 'mi', 'do', 'gu', 'pa', 've'];

/** Texts of about 80 letters; the same ones in every process and for every system. */
export class Texts {
  readonly #words = Array.from({ length: WORDS }, (_, i) => word(i));
  #state = 1;

  next(): string {
    return Array.from({ length: WORDS_PER_TEXT }, () => this.#words[this.#random(WORDS)]).join(' ');
  }

  /** A linear congruential step: plain, fast, repeatable. */
  #random(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }
}

function word(index: number): string {
  let text = '';
  for (let rest = index + SYLLABLES.length ** 2; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    text += SYLLABLES[rest % SYLLABLES.length] ?? '';
  return text;
}
