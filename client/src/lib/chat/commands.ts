/** Commands that are typed in the place of a message. Pure: what they do stands in `state/commands.ts`. */
import { SHRUG } from './markdown/shrug.ts';

export interface Command {
  readonly name: string;
  /** What follows it, as the offer shows it. */
  readonly args: string;
  readonly text: string;
  /** Not in a conversation of two. */
  readonly isForRooms?: boolean;
}

/** At most so many are offered; a letter or two leave fewer. */
const OFFERED = 8;

/** Those used most stand first. */
export const COMMANDS = [
  { name: 'topic', args: '[words]', text: 'Set the topic; without words, clear it', isForRooms: true },
  { name: 'invite', args: '@people', text: 'Add people to this conversation', isForRooms: true },
  { name: 'mute', args: '[30m, 8h, 2d]', text: 'Stop notifications of this conversation' },
  { name: 'status', args: '[emoji] [words]', text: 'Set your status; without words, clear it' },
  { name: 'search', args: '[words]', text: 'Search in this conversation' },
  { name: 'shrug', args: '[words]', text: `Put ${SHRUG} behind your words` },
  { name: 'me', args: 'words', text: 'Say it in italics' },
  { name: 'leave', args: '', text: 'Leave this conversation', isForRooms: true },
  { name: 'dm', args: '@name', text: 'Open a conversation with somebody' },
  { name: 'rename', args: 'name', text: 'Give this conversation another name', isForRooms: true },
  { name: 'unmute', args: '', text: 'Be notified of this conversation again' },
  { name: 'archive', args: '', text: 'Put this conversation away until something comes' },
] as const satisfies readonly Command[];

export type CommandName = (typeof COMMANDS)[number]['name'];

export type Typed =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'command'; readonly name: CommandName; readonly rest: string }
  | { readonly kind: 'unknown'; readonly name: string };

/** Addresses and paths are no commands, nor is what begins with a space. */
const COMMAND = /^\/([a-z]{1,20})(?:\s+([\s\S]*))?$/iu;

/** What is meant by a text as it was typed. */
export function parseTyped(text: string): Typed {
  const found = COMMAND.exec(text.trimEnd());
  if (found === null) return { kind: 'message', text: text.trim() };
  const name = (found[1] ?? '').toLowerCase();
  const rest = (found[2] ?? '').trim();
  const known = COMMANDS.find((command) => command.name === name);
  if (known === undefined) return { kind: 'unknown', name };
  if (known.name === 'shrug') return { kind: 'message', text: `${rest} ${SHRUG}`.trim() };
  if (known.name === 'me' && rest !== '') return { kind: 'message', text: inItalics(rest) };
  return { kind: 'command', name: known.name, rest };
}

/** Emphasis ends with its line. */
function inItalics(words: string): string {
  return words
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `*${line.trim()}*`))
    .join('\n');
}

/** The command whose name is being typed. */
export function commandQuery(text: string, caret: number): string | undefined {
  return /^\/([a-z]{0,20})$/iu.exec(text.slice(0, caret))?.[1]?.toLowerCase();
}

export function fittingCommands(typed: string, isRoom: boolean): readonly Command[] {
  const all: readonly Command[] = COMMANDS;
  return all
    .filter(({ name, isForRooms = false }) => name.startsWith(typed) && (isRoom || !isForRooms))
    .slice(0, OFFERED);
}

/** The usernames in "@ann, @bob and carl". */
export function namesIn(words: string): readonly string[] {
  const names = words
    .toLowerCase()
    .split(/[\s,]+/u)
    .map((word) => word.replace(/^@/u, ''))
    .filter((word) => word !== '' && word !== 'and');
  return [...new Set(names)];
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** ms of "30m", "8h", "2d"; undefined for anything else. */
export function durationOf(words: string): number | undefined {
  const found = /^(\d{1,4})\s*([mhd])(?:in(?:ute)?s?|ours?|ays?)?$/iu.exec(words);
  const ms = Number(found?.[1]) * (UNITS[found?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
  return ms > 0 ? ms : undefined;
}
