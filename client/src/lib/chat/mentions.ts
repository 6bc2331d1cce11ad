/** Naming people: what is being typed, who fits, and how names in a text look. Pure. */
import { mentionTokens, ROOM_ALIASES } from '../../../../shared/wire/mentions.ts';
import type { Me, Message, UserSummary } from '../../../../shared/wire/rest.ts';

/** At most so many people are offered. */
export const OFFERED = 8;

export interface MentionQuery {
  /** Where the `@` stands. */
  readonly from: number;
  /** What follows it, up to the cursor. */
  readonly text: string;
}
const TYPED = /(?<![\p{L}\p{N}_.@/+`-])@([\p{L}\p{N}_.-]{0,32})$/u;

/** The name that is being typed at `caret`; undefined where none is. */
export function mentionQuery(text: string, caret: number): MentionQuery | undefined {
  const found = TYPED.exec(text.slice(Math.max(0, caret - 40), caret));
  if (found === null) return undefined;
  const typed = found[1] ?? '';
  return { from: caret - typed.length - 1, text: typed.toLocaleLowerCase() };
}

/** Who fits what is typed: who spoke last first, then by name. `recent`: ids, the latest speaker first. */
export function fitting(
  people: readonly UserSummary[],
  typed: string,
  recent: readonly string[],
): readonly UserSummary[] {
  const place = (id: string): number => {
    const index = recent.indexOf(id);
    return index === -1 ? Infinity : index;
  };
  return people
    .filter((user) => fits(user, typed))
    .toSorted((a, b) => compare(place(a.id), place(b.id)) || a.displayName.localeCompare(b.displayName))
    .slice(0, OFFERED);
}

function fits({ username, displayName }: UserSummary, typed: string): boolean {
  if (username.startsWith(typed)) return true;
  return displayName
    .toLocaleLowerCase()
    .split(/\s+/u)
    .some((word) => word.startsWith(typed));
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/** Who spoke in these messages, the latest first. */
export function recentSpeakers(senders: readonly string[]): readonly string[] {
  return [...new Set(senders.toReversed())];
}

/** How a name in a text is to look. */
export interface MentionLook {
  readonly title: string;
  /** It means who reads this. */
  readonly mine: boolean;
  /** It means one person, whose profile can be looked at. */
  readonly isPerson: boolean;
}

/** How each name in `message` is to look; undefined for what names nobody. */
export function mentionLook(
  { mentions = [], sender }: Pick<Message, 'mentions' | 'sender'>,
  me: Pick<Me, 'id' | 'username'> | undefined,
  people: readonly UserSummary[],
): (name: string) => MentionLook | undefined {
  const others = mentions.some((id) => id !== 'room' && id !== me?.id);
  return (name) => {
    if (ROOM_ALIASES.has(name)) {
      if (!mentions.includes('room')) return undefined;
      return { title: 'Everybody in this conversation', mine: sender.id !== me?.id, isPerson: false };
    }
    if (name === me?.username)
      return mentions.includes(me.id) ? { title: 'You', mine: true, isPerson: true } : undefined;
    const known = people.find(({ username }) => username === name);
    if (known !== undefined)
      return mentions.includes(known.id)
        ? { title: known.displayName, mine: false, isPerson: true }
        : undefined;
    return others ? { title: `@${name}`, mine: false, isPerson: true } : undefined;
  };
}

export type NamedPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'mention'; readonly text: string; readonly name: string; readonly look: MentionLook };

/** The parts of a plain text: names that mean somebody, and what stands between them. */
export function splitMentions(
  text: string,
  look: (name: string) => MentionLook | undefined,
): readonly NamedPart[] {
  const parts: NamedPart[] = [];
  let at = 0;
  for (const { names, from, to } of mentionTokens(text)) {
    const name = names[0] ?? '';
    const found = look(name);
    if (found === undefined) continue;
    if (from > at) parts.push({ kind: 'text', text: text.slice(at, from) });
    parts.push({ kind: 'mention', text: text.slice(from, to), name, look: found });
    at = to;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}
