/** What of a text's words stands in the index. */
import { isCharacter } from '../../../shared/wire/words.ts';

/** Different terms kept of one message: what a long text says beyond them is not found. */
export const MAX_TERMS = 1_000;

/** What of a sequence of tokens stands in the index: each of them, and each pair of neighbouring characters. */
export function terms(sequence: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const [i, token] of sequence.entries()) {
    if (found.size >= MAX_TERMS - 1) break;
    found.add(token);
    const next = sequence[i + 1];
    if (next !== undefined && isCharacter(token) && isCharacter(next)) found.add(token + next);
  }
  return found;
}

/** The terms a message must have to hold `sequence`: of unspaced text the pairs alone, since every character is in one. */
export function required(sequence: readonly string[]): string[] {
  const all = [...terms(sequence)];
  const paired = new Set(
    all.filter((term) => term.length > 1 && !sequence.includes(term)).flatMap((term) => [...term]),
  );
  return all.filter((term) => !paired.has(term));
}
