/** Emojis by name: what is being typed as `:name:`, and which ones fit. Pure. */
import { plainEmoji } from './emoji.ts';

/** One emoji of the data set. */
export interface NamedEmoji {
  readonly emoji: string;
  /** As in `:tada:`, the usual one first. */
  readonly names: readonly string[];
  /** Other words for it. */
  readonly tags: readonly string[];
}
export interface EmojiQuery {
  /** Where the colon stands. */
  readonly from: number;
  readonly text: string;
}

/** At most so many are offered. */
const OFFERED = 8;
/** Later ones are empty boxes on many screens. */
const DRAWN = 15;
const NAME = String.raw`(?:[a-z0-9][a-z0-9_+-]{1,40}|[+-]1)`;
const BEFORE = String.raw`(?<![\p{L}\p{N}:_/])`;
const TYPED = new RegExp(`${BEFORE}:(${NAME})$`, 'iu');
const CLOSED = new RegExp(`${BEFORE}:(${NAME}):$`, 'iu');

/** The name that is being typed at `caret`: two letters at least, so that no smiley and no time of day is one. */
export function emojiQuery(text: string, caret: number): EmojiQuery | undefined {
  return queryAt(TYPED, text, caret);
}

/** The name that has just been closed by its second colon. */
export function closedEmoji(text: string, caret: number): EmojiQuery | undefined {
  return queryAt(CLOSED, text, caret);
}

function queryAt(pattern: RegExp, text: string, caret: number): EmojiQuery | undefined {
  const found = pattern.exec(text.slice(Math.max(0, caret - 50), caret));
  if (found === null) return undefined;
  return { from: caret - found[0].length, text: (found[1] ?? '').toLowerCase() };
}

/** What is needed of the data set; whatever has another shape is left out. */
export function parseEmojiNames(data: unknown): readonly NamedEmoji[] {
  return Array.isArray(data) ? data.flatMap(namedIn) : [];
}

function namedIn(entry: unknown): NamedEmoji[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { emoji, shortcodes, tags, version } = entry as Readonly<Record<string, unknown>>;
  if (typeof emoji !== 'string' || !isNames(shortcodes) || shortcodes.length === 0) return [];
  if (typeof version === 'number' && version > DRAWN) return [];
  return [{ emoji: plainEmoji(emoji), names: usualFirst(shortcodes), tags: isNames(tags) ? tags : [] }];
}

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

/** The short ones are what people type; of equally short ones the first by letter. */
const usualFirst = (names: readonly string[]): readonly string[] =>
  names.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));

/** The emoji called exactly so. */
export function emojiNamed(all: readonly NamedEmoji[], name: string): string | undefined {
  return all.find(({ names }) => names.includes(name))?.emoji;
}

export interface EmojiOffer {
  readonly emoji: string;
  /** The name that fits. */
  readonly name: string;
}

/** Which ones fit: called so, then beginning so, then with a word that begins so; those used lately first among equals. */
export function fittingEmojis(
  all: readonly NamedEmoji[],
  typed: string,
  recent: readonly string[],
): readonly EmojiOffer[] {
  const found = all.flatMap((one, order) => {
    const { rank, name } = rankOf(one, typed);
    if (rank === 0) return [];
    const used = recent.indexOf(one.emoji);
    return [{ emoji: one.emoji, name, rank, order, used: used === -1 ? Infinity : used }];
  });
  return found
    .toSorted((a, b) => b.rank - a.rank || compare(a.used, b.used) || a.order - b.order)
    .slice(0, OFFERED)
    .map(({ emoji, name }) => ({ emoji, name }));
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function rankOf(
  { names, tags }: NamedEmoji,
  typed: string,
): { readonly rank: number; readonly name: string } {
  const [usual = ''] = names;
  if (names.includes(typed)) return { rank: 4, name: typed };
  const begun = names.find((name) => name.startsWith(typed));
  if (begun !== undefined) return { rank: 3, name: begun };
  const within = names.find((name) => name.includes(`_${typed}`));
  if (within !== undefined) return { rank: 2, name: within };
  return { rank: tags.some((tag) => tag.startsWith(typed)) ? 1 : 0, name: usual };
}
