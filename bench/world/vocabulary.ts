/** Different words that people use; a few of them most of the time. */
const WORDS = 20_000;
const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
const SYLLABLES = CONSONANTS.length * VOWELS.length;
/** Spreads neighbouring ranks over the alphabet; prime to the number of words there can be. */
const SPREAD = 99_991;

/** The word of a rank, the most frequent first: two to four syllables, longer ones rarer. */
export function wordOf(rank: number): string {
  const size = rank < 60 ? 2 : rank < 2_000 ? 3 : 4;
  let number = (rank + 1) * SPREAD;
  let word = '';
  for (let i = 0; i < size; i++) {
    const syllable = number % SYLLABLES;
    number = Math.floor(number / SYLLABLES) + rank;
    word += CONSONANTS.charAt(syllable % CONSONANTS.length);
    word += VOWELS.charAt(Math.floor(syllable / CONSONANTS.length));
  }
  return word;
}

/** A rank as speech has it: each is as often met as its number says, the tenth a tenth as often as the first. */
export const anyRank = (random: () => number): number => Math.floor(WORDS ** random()) - 1;

/** A rank from `from` to `to`, both alike. */
export const rankWithin = (random: () => number, from: number, to: number): number =>
  from + Math.floor(random() * (to - from));
