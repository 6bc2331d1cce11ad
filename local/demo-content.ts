/** What `--demo` fills an empty store with. */
import type { DemoFile } from './demo-files.ts';

export const DEMO_PASSWORD = 'parley-demo';

export const PEOPLE = [
  { username: 'maya', displayName: 'Maya Lindqvist' },
  { username: 'jonas', displayName: 'Jonas Weber' },
  { username: 'amara', displayName: 'Amara Okafor' },
  { username: 'kenji', displayName: 'Kenji Sato' },
  { username: 'sofia', displayName: 'Sofia Marino' },
  { username: 'leo', displayName: 'Leo Tremblay' },
] as const;
export type Username = (typeof PEOPLE)[number]['username'];

/** What some say of themselves. */
export const STATUSES: Readonly<
  Partial<Record<Username, { readonly emoji: string; readonly text: string }>>
> = {
  amara: { emoji: '🚢', text: 'Shipping Lisbon' },
  kenji: { emoji: '🎧', text: 'Deep in graphs' },
  leo: { emoji: '🥾', text: 'Back on Monday' },
};

export interface Line {
  readonly by: Username;
  readonly text: string;
  /** The index of the line it answers. */
  readonly re?: number;
  /** The index of the line in whose thread it stands. */
  readonly under?: number;
  readonly file?: DemoFile;
  readonly reactions?: Readonly<Record<string, readonly Username[]>>;
  /** Who pinned it. */
  readonly pinned?: Username;
}
export interface DemoRoom {
  readonly by: Username;
  readonly room:
    | { readonly type: 'dm'; readonly user: Username }
    | {
        readonly type: 'group' | 'channel';
        readonly name: string;
        readonly topic?: string;
        readonly public?: boolean;
      };
  /** Whom the creator adds; in a public channel they join. */
  readonly members: readonly Username[];
  readonly lines: readonly Line[];
  /** Who has read it all; to the others it is unread from their own last line on. */
  readonly readBy: readonly Username[];
}

export const ROOMS: readonly DemoRoom[] = [
  {
    by: 'maya',
    room: { type: 'channel', name: 'general', topic: 'News for everyone', public: true },
    members: ['jonas', 'amara', 'kenji', 'sofia', 'leo'],
    lines: [
      {
        by: 'maya',
        text: 'Welcome, everyone! This is our new home. No more hunting for threads in five tools 🎉',
      },
      { by: 'leo', text: 'Looks good. Where do I complain about the coffee machine?' },
      { by: 'sofia', text: 'Third floor, second drawer: the form nobody ever reads.', re: 1 },
      {
        by: 'amara',
        text: 'Reminder: the Lisbon release goes out on Thursday. Freeze is Wednesday at noon.',
      },
      {
        by: 'kenji',
        text: 'I moved the load test to Tuesday night so that we have the numbers before the freeze.',
        re: 3,
      },
      { by: 'amara', text: 'Perfect, thank you!', re: 4 },
      { by: 'jonas', text: 'The new dashboard is on the wall screen by the kitchen. Tell me what you miss.' },
      { by: 'maya', text: 'Friday at four: demos and cake. Bring something small, working or not.' },
    ],
    readBy: ['maya', 'jonas', 'amara'],
  },
  {
    by: 'sofia',
    room: { type: 'channel', name: 'design', topic: 'Screens, words and pixels', public: true },
    members: ['maya', 'kenji', 'leo'],
    lines: [
      {
        by: 'sofia',
        text: 'First sketch of the onboarding is up. Three screens instead of seven.',
        file: 'onboarding.png',
        reactions: { '❤️': ['maya', 'kenji'], '✨': ['leo'] },
      },
      { by: 'kenji', text: 'Love it. Could the second one say what happens to my data?' },
      { by: 'sofia', text: 'Good point. One sentence, above the button?', re: 1 },
      { by: 'kenji', text: 'Exactly there.', re: 2 },
      { by: 'leo', text: 'In French that sentence is twice as long. Please leave some air 😅' },
      { by: 'maya', text: 'Three screens! I could hug you.', re: 0 },
      { by: 'sofia', text: 'Hugs are taken in the kitchen until five.', re: 5 },
      { by: 'leo', text: 'The French sentence fits now. Merci!' },
    ],
    readBy: ['sofia', 'kenji'],
  },
  {
    by: 'amara',
    room: {
      type: 'channel',
      name: 'release-lisbon',
      topic: 'Freeze Wednesday, out on Thursday',
      public: false,
    },
    members: ['maya', 'jonas', 'kenji', 'sofia'],
    lines: [
      {
        by: 'amara',
        text: '**What is open**\n- migration notes: @jonas\n- load test: @kenji\n- announcement: @maya\n\nFreeze is *Wednesday at noon*.',
        pinned: 'amara',
        reactions: { '👍': ['jonas', 'kenji', 'maya'], '🚀': ['sofia'] },
      },
      {
        by: 'jonas',
        text: 'Migration notes are done, waiting for a second pair of eyes.',
        file: 'migration-notes.md',
      },
      { by: 'kenji', text: 'I have two. Reading now.', under: 1 },
      { by: 'kenji', text: 'Step 3 could say how long a node takes to drain.', under: 1 },
      {
        by: 'jonas',
        text: 'It can: 20 seconds at most. Added, thank you!',
        under: 1,
        reactions: { '🙌': ['kenji', 'amara'] },
      },
      {
        by: 'kenji',
        text: 'The load test ran all night, nothing lost:\n```sh\nnpm run load -- --connections 10000 --rate 2000\n```',
        file: 'load-test.png',
        reactions: { '🎉': ['maya', 'amara', 'jonas', 'sofia'], '👀': ['sofia'] },
      },
      { by: 'maya', text: 'That sentence goes into the announcement as it is.', re: 5 },
      { by: 'amara', text: '@maya take the graph along, people love a picture.', re: 6 },
    ],
    readBy: ['amara', 'kenji'],
  },
  {
    by: 'leo',
    room: { type: 'group', name: 'Sunday hike' },
    members: ['maya', 'sofia', 'jonas'],
    lines: [
      {
        by: 'leo',
        text: 'Forecast says sun from ten. Lake loop or the ridge?',
        file: 'ridge.png',
        reactions: { '⛰️': ['sofia', 'jonas', 'maya'] },
      },
      { by: 'sofia', text: 'Ridge! The lake was ours last time.' },
      { by: 'jonas', text: 'Ridge, if someone carries my camera on the way down.', re: 0 },
      { by: 'maya', text: 'I bring the thermos. Nine at the station?' },
      { by: 'leo', text: 'Nine it is. Trains leave at 9:12.', re: 3 },
    ],
    readBy: ['leo', 'sofia', 'jonas', 'maya'],
  },
  {
    by: 'maya',
    room: { type: 'dm', user: 'jonas' },
    members: [],
    lines: [
      { by: 'maya', text: 'Do you have ten minutes today for the announcement?' },
      { by: 'jonas', text: 'After two, gladly. Send me the draft and I come with comments.' },
      { by: 'maya', text: 'It is short. Promise.' },
      { by: 'jonas', text: 'You said that about the last one as well 😄', re: 2 },
    ],
    readBy: ['jonas'],
  },
  {
    by: 'amara',
    room: { type: 'dm', user: 'maya' },
    members: [],
    lines: [
      { by: 'amara', text: 'The customer in Porto moved the call to Friday morning. Can you join?' },
      { by: 'amara', text: 'They mostly want to hear about self-hosting.' },
    ],
    readBy: ['amara'],
  },
];
