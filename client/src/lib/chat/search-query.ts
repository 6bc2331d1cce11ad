/** A search as people type it: words, and filters such as `from:ann in:general before:2026-01-01 has:link`. Pure. */
import type { Room, SearchQuery } from '../../../../shared/wire/rest.ts';
import { withoutMarkup } from './markdown/plain.ts';
import { roomName } from './names.ts';

export const FILTERS = ['from', 'in', 'before', 'after', 'has'] as const;
export type FilterName = (typeof FILTERS)[number];
export interface Filter {
  readonly name: FilterName;
  readonly value: string;
}
export interface Typed {
  /** What is left when the filters are taken out. */
  readonly words: string;
  readonly filters: readonly Filter[];
  /** The last word is still being typed, as far as one can tell. */
  readonly isOpen: boolean;
}
/** What to ask the server, or why it cannot be asked. */
export type Question =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ask'; readonly query: SearchQuery }
  | { readonly kind: 'wrong'; readonly text: string };

const FILTER = /(?<!\S)(from|in|before|after|has):("[^"]*"|\S+)/giu;
/** A word at the very end: no filter, no phrase, nothing excluded. */
const OPEN = /(?<!\S)(?!(?:from|in|before|after|has):|-)[^\s"]*[\p{L}\p{N}\p{M}]$/iu;
const DAY = /^\d{4}-\d{2}-\d{2}$/u;
const FEATURES = ['link', 'file', 'image', 'voice'];

export function parseSearch(text: string): Typed {
  const filters = [...text.matchAll(FILTER)].map(([, name = '', value = '']): Filter => ({
    name: name.toLowerCase() as FilterName,
    value: value.replace(/^"|"$/gu, ''),
  }));
  return { words: text.replace(FILTER, ' ').replace(/\s+/gu, ' ').trim(), filters, isOpen: OPEN.test(text) };
}

/** The typed text without one of its filters. */
export function withoutFilter(text: string, { name, value }: Filter): string {
  const isIt = (found: string): boolean => {
    const [one] = parseSearch(found).filters;
    return one?.name === name && one.value === value;
  };
  return text
    .replace(FILTER, (found) => (isIt(found) ? '' : found))
    .replace(/\s+/gu, ' ')
    .trim();
}

/** The question that `text` asks of somebody with these rooms. */
export function questionOf(
  text: string,
  rooms: readonly Room[],
  me: { readonly id: string; readonly username: string },
): Question {
  const { words, filters, isOpen } = parseSearch(text);
  const query: { -readonly [K in keyof SearchQuery]: SearchQuery[K] } = words === '' ? {} : { q: words };
  if (isOpen) query.prefix = 'true';
  const features: string[] = [];
  for (const { name, value } of filters) {
    const plain = value.replace(/^[@#]/u, '').toLowerCase();
    if (name === 'from') query.from = plain === 'me' ? me.username : plain;
    else if (name === 'in') {
      const room = rooms.find((one) => one.id === plain || namesOf(one, me.id).includes(plain));
      if (room === undefined) return wrong(`You are in no conversation called “${value}”.`);
      query.room = room.id;
    } else if (name === 'has') {
      if (!FEATURES.includes(plain)) return wrong(`has: takes ${FEATURES.join(', ')}.`);
      if (!features.includes(plain)) features.push(plain);
    } else {
      if (!DAY.test(plain) || Number.isNaN(Date.parse(plain)))
        return wrong(`${name}: takes a day such as 2026-01-31.`);
      query[name] = plain;
    }
  }
  if (query.from !== undefined && !/^[a-z0-9_.-]{3,32}$/u.test(query.from))
    return wrong('from: takes a username, such as from:ann.');
  if (features.length > 0) query.has = features.join(',');
  const isEmpty = query.q === undefined && query.from === undefined && query.has === undefined;
  return isEmpty ? { kind: 'nothing' } : { kind: 'ask', query };
}

/** The filter that means `room`: by its name, where no other has it. */
export function inRoom(room: Room, rooms: readonly Room[], me: string): string {
  const name = roomName(room, me);
  const isAlone = rooms.filter((one) => namesOf(one, me).includes(name.toLowerCase())).length === 1;
  if (!isAlone || /["\n]/u.test(name)) return `in:${room.id} `;
  return /\s/u.test(name) ? `in:"${name}" ` : `in:${name} `;
}

const wrong = (text: string): Question => ({ kind: 'wrong', text });

function namesOf(room: Room, me: string): readonly string[] {
  const name = roomName(room, me).toLowerCase();
  return [name, name.replaceAll(' ', '-'), ...(room.peer === undefined ? [] : [room.peer.username])];
}

export interface HitPart {
  readonly text: string;
  readonly hit: boolean;
}
const SNIPPET = 220;
const LEAD = 60;

/** A part of `text` around its first hit, with what was looked for marked; `isOpen`: words that begin with the last one, too. */
export function snippet(text: string, words: string, isOpen = false): readonly HitPart[] {
  const wanted = [...words.matchAll(/(?<!\S)(-?)("[^"]*"|\S+)/gu)].flatMap(([, minus, word = '']) =>
    minus === '-' ? [] : (word.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []),
  );
  const flat = withoutMarkup(text).replace(/\s+/gu, ' ').trim();
  const pattern = patternOf(wanted, isOpen);
  const first = pattern === undefined ? 0 : Math.max(0, flat.search(pattern));
  const from = first > LEAD ? flat.lastIndexOf(' ', first - LEAD / 2) + 1 : 0;
  const part = flat.slice(from, from + SNIPPET);
  const shown = `${from > 0 ? '…' : ''}${part}${from + SNIPPET < flat.length ? '…' : ''}`;
  return pattern === undefined ? [{ text: shown, hit: false }] : marked(shown, pattern);
}

function patternOf(wanted: readonly string[], isOpen: boolean): RegExp | undefined {
  const shown = wanted.slice(0, 20);
  if (shown.length === 0) return undefined;
  const last = isOpen ? wanted.at(-1) : undefined;
  const words = [...(last === undefined ? [] : [`${last}[\\p{L}\\p{N}\\p{M}]*`]), ...shown];
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

function marked(text: string, pattern: RegExp): readonly HitPart[] {
  const parts: HitPart[] = [];
  let at = 0;
  for (const { 0: hit, index } of text.matchAll(pattern)) {
    if (index > at) parts.push({ text: text.slice(at, index), hit: false });
    parts.push({ text: hit, hit: true });
    at = index + hit.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), hit: false });
  return parts;
}
