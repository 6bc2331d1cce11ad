/** Invented people, rooms and words for the mock engine. */
import type { Message, RoomType, UserSummary } from '../../../shared/wire/rest.ts';

export const PEOPLE: readonly UserSummary[] = [
  ['me', 'mira', 'Mira Okafor'],
  ['u-ines', 'ines', 'Inès Laurent'],
  ['u-tom', 'tomasz', 'Tomasz Nowak'],
  ['u-priya', 'priya', 'Priya Raman'],
  ['u-jonah', 'jonah', 'Jonah Weiss'],
  ['u-sana', 'sana.k', 'Sana Karimi'],
  ['u-leo', 'leo', 'Leo Brandt'],
  ['u-aiko', 'aiko', 'Aiko Tanaka'],
  ['u-omar', 'omar', 'عمر حداد'],
  ['u-freya', 'freya', 'Freya Lindqvist'],
  ['u-dan', 'dan', 'Daniel Abara'],
  ['u-nell', 'nell', 'Nell Hartigan'],
].map(([id = '', username = '', displayName = '']) => ({ id, username, displayName }));

export interface RoomSeed {
  readonly id: string;
  readonly type: RoomType;
  readonly name?: string;
  readonly topic?: string;
  readonly public?: boolean;
  readonly with: readonly string[];
  readonly messages: number;
  readonly unread: number;
  readonly favourite?: boolean;
  readonly muted?: boolean;
  readonly minutesAgo: number;
}

const everyone = PEOPLE.slice(1).map((person) => person.id);

export const ROOMS: readonly RoomSeed[] = [
  {
    id: 'r-harbour',
    type: 'channel',
    name: 'harbour-launch',
    topic: 'Ship 2.0 on Thursday. Checklist in the wiki.',
    public: true,
    with: everyone,
    messages: 10_000,
    unread: 4,
    favourite: true,
    minutesAgo: 1,
  },
  { id: 'r-ines', type: 'dm', with: ['u-ines'], messages: 240, unread: 2, favourite: true, minutesAgo: 3 },
  {
    id: 'r-design',
    type: 'group',
    name: 'Design critique',
    topic: 'Fridays at ten. Bring one thing.',
    with: ['u-ines', 'u-priya', 'u-aiko', 'u-leo'],
    messages: 820,
    unread: 0,
    minutesAgo: 14,
  },
  { id: 'r-tom', type: 'dm', with: ['u-tom'], messages: 61, unread: 0, minutesAgo: 42 },
  {
    id: 'r-ops',
    type: 'channel',
    name: 'ops',
    topic: 'Pages, deploys, post-mortems',
    public: true,
    with: everyone.slice(2),
    messages: 4_000,
    unread: 128,
    minutesAgo: 65,
  },
  { id: 'r-priya', type: 'dm', with: ['u-priya'], messages: 12, unread: 0, minutesAgo: 180 },
  {
    id: 'r-general',
    type: 'channel',
    name: 'general',
    topic: 'Everybody, everything',
    public: true,
    with: everyone,
    messages: 2_000,
    unread: 0,
    minutesAgo: 260,
    muted: true,
  },
  { id: 'r-omar', type: 'dm', with: ['u-omar'], messages: 30, unread: 1, minutesAgo: 1_500 },
  {
    id: 'r-lunch',
    type: 'group',
    name: 'Lunch club',
    with: ['u-tom', 'u-jonah', 'u-sana'],
    messages: 90,
    unread: 0,
    minutesAgo: 1_700,
  },
  {
    id: 'r-board',
    type: 'channel',
    name: 'board',
    topic: 'Quarterly numbers',
    public: false,
    with: ['u-freya', 'u-dan'],
    messages: 40,
    unread: 0,
    minutesAgo: 2_900,
  },
  { id: 'r-aiko', type: 'dm', with: ['u-aiko'], messages: 8, unread: 0, minutesAgo: 7_000 },
  { id: 'r-nell', type: 'dm', with: ['u-nell'], messages: 0, unread: 0, minutesAgo: 20_000 },
];

export const PUBLIC_ROOMS = [
  { id: 'p-books', name: 'books', topic: 'What we read, what we quit halfway', members: 23, joined: false },
  { id: 'p-running', name: 'running', topic: 'Tuesday river loop', members: 11, joined: false },
  { id: 'r-harbour', name: 'harbour-launch', topic: 'Ship 2.0 on Thursday.', members: 12, joined: true },
  { id: 'p-plants', name: 'plants', members: 7, joined: false },
] as const;

const WORDS = [
  'Morning! The new gateway held 40k sockets overnight without a single resync.',
  'Nice. Did the memory stay flat?',
  'Flat as the lake. Graph is here: https://metrics.parley.test/d/gateways?from=now-12h',
  'I moved the checklist to the wiki so that nobody has to scroll for it.',
  'Can somebody look at the Portuguese strings before noon?',
  'On it.',
  'Two things before we ship:\n\n1. the migration note in the changelog\n2. a screenshot that is not from March',
  'The second one is done, see the README.',
  'Thank you 🙏',
  'I would still like a shorter name for “Export everything”. Suggestions?',
  '“Take it with you”',
  'Ha. I like it more than I should.',
  'Let us keep the release on Thursday. Friday releases make for long weekends of the wrong kind, and the docs people asked for one more day to record the walkthrough video.',
  'Agreed.',
  'Rolling restart finished: 4 gateways, 0 messages lost, longest reconnect 1.8 s.',
  'That is the number I wanted to hear.',
  'Lunch at one? The place by the canal has soup again.',
  'Count me in.',
  'صباح الخير، الترجمة العربية جاهزة للمراجعة.',
  'I will be late by ten minutes, start without me.',
];

const MINUTE = 60_000;

/** The same message for the same arguments, every time: history that can be generated page by page. */
export function inventMessage(room: RoomSeed, seq: number, now: number): Message {
  const back = room.messages - seq;
  const at = now - room.minutesAgo * MINUTE - back * 2.2 * MINUTE - Math.floor(back / 9) * 45 * MINUTE;
  const turn = Math.floor(seq / 2.5);
  const cast = [...room.with, 'me'];
  const id =
    back < room.unread ? room.with[turn % room.with.length] : cast[(turn * 7 + room.id.length) % cast.length];
  const sender = PEOPLE.find((person) => person.id === id) ?? stranger;
  const base = {
    room: room.id,
    seq,
    id: `${room.id}-${String(seq)}`,
    at: new Date(at).toISOString(),
    rev: seq,
    sender,
  };
  if (seq % 53 === 0) {
    return {
      ...base,
      kind: 'notice',
      text: `${sender.displayName} joined`,
      event: { name: 'joined', users: [sender.id] },
    };
  }
  const text = WORDS[(seq * 3 + room.id.length) % WORDS.length] ?? 'Hm.';
  const [some = 'me', other = 'me'] = room.with;
  const reactions = {
    '👍': { count: 3, users: ['me', some, other] },
    ...(seq % 10 === 0 ? { '🎉': { count: 1, users: [some] } } : {}),
  };
  return { ...base, kind: 'text', text, ...(seq % 5 === 0 ? { reactions } : {}) };
}

const stranger: UserSummary = { id: 'u-gone', username: 'gone', displayName: 'Deleted user' };

export function randomWords(): string {
  return WORDS[Math.floor(Math.random() * WORDS.length)] ?? 'Hm.';
}
