import type { Message, NoticeEvent } from '../../../../shared/wire/rest.ts';

/** Gives the name of somebody in the room, where it is known. */
export type NameOf = (user: string) => string | undefined;

/** A notice in words, from what it says happened; a name that is not known is the one the server wrote. News of a later version are told in the server's own words. */
export function noticeWords({ event, sender, text }: Message, me: string, nameOf: NameOf): string {
  if (event === undefined || !Object.hasOwn(WORDS, event.name)) return text;
  const by = sender.id === me ? 'You' : isolated(sender.displayName);
  const names = (event.users ?? []).map((user) => {
    const name = user === me ? 'you' : nameOf(user);
    return name === undefined ? undefined : isolated(name);
  });
  return WORDS[event.name]?.({ by, names, value: event.value ?? '', text }) ?? text;
}

interface Told {
  readonly by: string;
  readonly names: readonly (string | undefined)[];
  readonly value: string;
  readonly text: string;
}
type Words = (told: Told) => string | undefined;
const ROLES: Readonly<Record<string, string>> = {
  owner: 'the owner',
  admin: 'an admin',
  member: 'a member',
};
/** Names told one by one. */
const MOST = 5;
const BY_LINK = 'joined by an invite link of';

const WORDS: Readonly<Partial<Record<NoticeEvent['name'], Words>>> = {
  created: ({ by, value }) => `${by} created “${isolated(value)}”`,
  joined: ({ by, names, value, text }) => {
    if (value !== 'invite') return `${by} joined`;
    const inviter = names[1] ?? written(text, BY_LINK);
    if (inviter === 'you') return `${by} joined by your invite link`;
    return inviter === undefined ? undefined : `${by} ${BY_LINK} ${inviter}`;
  },
  left: ({ by }) => `${by} left`,
  added: (told) => withNames(told, 'added'),
  removed: (told) => withNames(told, 'removed'),
  role: (told) => withNames(told, 'made', ` ${ROLES[told.value] ?? told.value}`),
  renamed: ({ by, value }) => `${by} renamed the room to “${isolated(value)}”`,
  topic: ({ by, value }) =>
    value === '' ? `${by} cleared the topic` : `${by} set the topic to “${isolated(value)}”`,
  pinned: ({ by }) => `${by} pinned a message`,
  visibility: ({ by, value }) => `${by} made the channel ${value}`,
};

/** Which message a notice says was pinned. */
export function pinnedSeq({ event }: Pick<Message, 'event'>): number | undefined {
  if (event?.name !== 'pinned') return undefined;
  const seq = Number(event.value);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}

function withNames({ by, names, text }: Told, verb: string, after = ''): string | undefined {
  const list = listed(names) ?? written(text, verb, after);
  return list === undefined ? undefined : `${by} ${verb} ${list}${after}`;
}

function listed(names: Told['names']): string | undefined {
  const known = names.filter((name) => name !== undefined);
  if (known.length < names.length || known.length === 0 || known.length > MOST) return undefined;
  const last = known.at(-1) ?? '';
  return known.length === 1 ? last : `${known.slice(0, -1).join(', ')} and ${last}`;
}

/** Whom the server named, in its own line: people who are out by now are known by nothing else. */
function written(text: string, verb: string, after = ''): string | undefined {
  const at = text.indexOf(` ${verb} `);
  if (at < 0 || !text.endsWith(after)) return undefined;
  const list = text.slice(at + verb.length + 2, text.length - after.length).trim();
  return list === '' ? undefined : isolated(list);
}

const RIGHT_TO_LEFT =
  /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}/u;

/** A name of another direction keeps its letters together and the words around it in their order. */
function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}
