import { anyRank, rankWithin, wordOf } from '../world/vocabulary.ts';
import type { World } from '../world/world.ts';

interface Asking {
  readonly random: () => number;
  readonly world: World;
  /** Who asks. */
  readonly person: number;
}

const query = (fields: Readonly<Record<string, string>>): URLSearchParams => new URLSearchParams(fields);
const one = <T>(list: readonly T[], random: () => number): T | undefined =>
  list[Math.floor(random() * list.length)];
const roomOf = ({ world, person, random }: Asking): string =>
  one(world.people[person]?.rooms ?? [], random) ?? '';
const someone = ({ world, random }: Asking): string => one(world.people, random)?.user ?? '';
const common = ({ random }: Asking): string => wordOf(rankWithin(random, 0, 20));
const rare = ({ random }: Asking): string => wordOf(rankWithin(random, 5_000, 20_000));
const any = ({ random }: Asking): string => wordOf(anyRank(random));

/** What people ask, by what the page calls it. */
export const QUESTIONS = {
  'a common word': (asking) => query({ q: common(asking) }),
  'a rare word': (asking) => query({ q: rare(asking) }),
  'two words': (asking) => query({ q: `${any(asking)} ${common(asking)}` }),
  'a phrase': (asking) => query({ q: `"${common(asking)} ${common(asking)}"` }),
  'a word in one room': (asking) => query({ q: any(asking), room: roomOf(asking) }),
  'a word of one person’s': (asking) => query({ q: any(asking), from: someone(asking) }),
  'links, without a word': () => query({ has: 'link' }),
  'pictures of one room': (asking) => query({ has: 'image', room: roomOf(asking) }),
  'what one person said': (asking) => query({ from: someone(asking) }),
  'three letters being typed': (asking) => query({ q: any(asking).slice(0, 3), prefix: 'true' }),
  'five letters being typed': (asking) => query({ q: rare(asking).slice(0, 5), prefix: 'true' }),
} as const satisfies Readonly<Record<string, (asking: Asking) => URLSearchParams>>;
export type QuestionName = keyof typeof QUESTIONS;
