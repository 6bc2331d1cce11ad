/** What stands under a message of how people reacted to it. */
import type { Message } from '../../../../shared/wire/rest.ts';

/** The ones at hand without a picker. */
export const QUICK_EMOJIS: readonly string[] = ['👍', '❤️', '😂', '🎉', '👀'];
/** Emojis remembered. */
const RECENT = 20;

/** The ones at hand: those used last, then the usual ones, always as many. */
export function quickEmojis(recent: readonly string[]): readonly string[] {
  return distinct([...recent, ...QUICK_EMOJIS]).slice(0, QUICK_EMOJIS.length);
}

/** What was used, with `emoji` as the last one. */
export function withRecent(recent: readonly string[], emoji: string): readonly string[] {
  return distinct([emoji, ...recent]).slice(0, RECENT);
}

/** Some emojis come with and without the mark that makes them colourful: they are one, as it came first. */
function distinct(emojis: readonly string[]): readonly string[] {
  const bare = emojis.map((emoji) => emoji.replaceAll('\uFE0F', ''));
  return emojis.filter((_, index) => bare.indexOf(bare[index] ?? '') === index);
}

/** So many names are told; the others are counted. */
const NAMED = 10;

/** What one has asked for and the server has not answered yet: on or off, by emoji. */
export type Wishes = Readonly<Record<string, boolean>>;

export interface Chip {
  readonly emoji: string;
  readonly count: number;
  readonly mine: boolean;
  /** "You, Ada and 3 others": as far as names are known. */
  readonly who: string;
}

export interface ChipOptions {
  readonly me: string;
  readonly wishes: Wishes;
  /** Undefined: not known. */
  readonly nameOf: (user: string) => string | undefined;
}

/** The chips of a message in the server's order, with one's own wishes as if they were granted. */
export function chipsOf(reactions: Message['reactions'], options: ChipOptions): readonly Chip[] {
  const { me, wishes, nameOf } = options;
  const asked = Object.keys(wishes).filter((emoji) => reactions?.[emoji] === undefined);
  return [...Object.keys(reactions ?? {}), ...asked].flatMap((emoji) => {
    const { count, users } = reactions?.[emoji] ?? { count: 0, users: [] };
    const was = users.includes(me);
    const mine = wishes[emoji] ?? was;
    const wanted = count + Number(mine) - Number(was);
    if (wanted <= 0) return [];
    const others = users.filter((user) => user !== me);
    const names = others.flatMap((user) => nameOf(user) ?? []).slice(0, NAMED);
    const who = whoReacted(mine ? ['You', ...names] : names, wanted);
    return [{ emoji, count: wanted, mine, who }];
  });
}

function whoReacted(names: readonly string[], count: number): string {
  const rest = count - names.length;
  if (names.length === 0) return rest === 1 ? '1 person' : `${String(rest)} people`;
  const parts = rest > 0 ? [...names, rest === 1 ? '1 other' : `${String(rest)} others`] : names;
  const last = parts.at(-1) ?? '';
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
