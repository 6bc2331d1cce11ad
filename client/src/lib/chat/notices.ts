import type { Message, NoticeEvent } from '../../../../shared/wire/rest.ts';

/** Gives the name of somebody in the room, where it is known. */
export type NameOf = (user: string) => string | undefined;

/** A notice in words, from what it says happened; the server's own words where a name is not known, or for news of a later version. */
export function noticeWords({ event, sender, text }: Message, me: string, nameOf: NameOf): string {
  if (event === undefined) return text;
  const by = sender.id === me ? 'You' : sender.displayName;
  const names = (event.users ?? []).map((user) => (user === me ? 'you' : nameOf(user)));
  const words = Object.hasOwn(WORDS, event.name)
    ? WORDS[event.name]?.({ by, names, value: event.value ?? '' })
    : undefined;
  return words ?? text;
}

interface Told {
  readonly by: string;
  readonly names: readonly (string | undefined)[];
  readonly value: string;
}
type Words = (told: Told) => string | undefined;
const ROLES: Readonly<Record<string, string>> = {
  owner: 'the owner',
  admin: 'an admin',
  member: 'a member',
};

const WORDS: Readonly<Partial<Record<NoticeEvent['name'], Words>>> = {
  created: ({ by, value }) => `${by} created “${value}”`,
  joined: ({ by, names, value }) => {
    if (value !== 'invite') return `${by} joined`;
    if (names[1] === undefined) return undefined;
    return `${by} joined by ${names[1] === 'you' ? 'your invite link' : `an invite link of ${names[1]}`}`;
  },
  left: ({ by }) => `${by} left`,
  added: ({ by, names }) => withNames(names, (list) => `${by} added ${list}`),
  removed: ({ by, names }) => withNames(names, (list) => `${by} removed ${list}`),
  role: ({ by, names, value }) => withNames(names, (list) => `${by} made ${list} ${ROLES[value] ?? value}`),
  renamed: ({ by, value }) => `${by} renamed the room to “${value}”`,
  topic: ({ by, value }) => (value === '' ? `${by} cleared the topic` : `${by} set the topic to “${value}”`),
  pinned: ({ by }) => `${by} pinned a message`,
  visibility: ({ by, value }) => `${by} made the channel ${value}`,
};

/** Which message a notice says was pinned. */
export function pinnedSeq({ event }: Pick<Message, 'event'>): number | undefined {
  if (event?.name !== 'pinned') return undefined;
  const seq = Number(event.value);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}

function withNames(names: Told['names'], words: (list: string) => string): string | undefined {
  const known = names.filter((name) => name !== undefined);
  if (known.length < names.length || known.length === 0 || known.length > 5) return undefined;
  const last = known.at(-1) ?? '';
  return words(known.length === 1 ? last : `${known.slice(0, -1).join(', ')} and ${last}`);
}
