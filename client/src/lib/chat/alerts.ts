/** What deserves a notification while nobody looks. Pure: what is new in a room in, what to tell of it out. */
import { loudness } from '../../../../shared/wire/prefs.ts';
import type { Message, Room, ThreadInfo } from '../../../../shared/wire/rest.ts';
import { isMention } from '../../../../shared/wire/unread.ts';
import { isHidden } from './hidden.ts';
import { roomName } from './names.ts';

export interface Alert {
  readonly room: string;
  readonly title: string;
  readonly text: string;
  /** Somebody named the reader. */
  readonly isMention: boolean;
}

export interface Listener {
  /** Their id. */
  readonly me: string;
  /** ms since the epoch, by which a mute is over or not. */
  readonly now: number;
  /** Whose messages are no news. */
  readonly blocked: ReadonlySet<string>;
  /** A thread they follow, by room and root. */
  readonly thread: (room: string, root: number) => ThreadInfo | undefined;
}

/** Those of `messages` that count, by the room's own setting and by who follows what. */
export function deserving(room: Room, messages: readonly Message[], listener: Listener): readonly Message[] {
  const level = loudness(room, listener.now);
  if (level === 'none') return [];
  return messages.filter((message) => {
    if (message.sender.id === listener.me || message.kind !== 'text' || message.deletedAt !== undefined)
      return false;
    if (isHidden(message, listener.blocked) || isRead(room, message, listener)) return false;
    return isMention(message, listener.me) || (level === 'all' && isForAll(message, listener));
  });
}

/** One for all of them: the newest that names the reader, else the newest; undefined for none. */
export function alertOf(room: Room, messages: readonly Message[], me: string): Alert | undefined {
  const named = messages.findLast((message) => isMention(message, me));
  const last = named ?? messages.at(-1);
  if (last === undefined) return undefined;
  const name = last.sender.displayName;
  return {
    room: room.id,
    title: room.type === 'dm' ? name : `${name} in ${roomName(room, me)}`,
    text: last.text === '' ? 'Sent a file' : last.text.slice(0, 200),
    isMention: named !== undefined,
  };
}

/** Of messages that name the reader and were not read here: that there are some; undefined where the room tells nothing. */
export function unheardAlert(room: Room, { me, now }: Pick<Listener, 'me' | 'now'>): Alert | undefined {
  if (loudness(room, now) === 'none') return undefined;
  return { room: room.id, title: roomName(room, me), text: 'You were mentioned', isMention: true };
}

/** Read on another device already: a reply where its thread was. */
function isRead(room: Room, { seq, thread }: Message, listener: Listener): boolean {
  if (thread === undefined) return room.me.readSeq >= seq;
  return (listener.thread(room.id, thread)?.readSeq ?? 0) >= seq;
}

/** What is said in a thread is for those who follow it. */
const isForAll = ({ room, thread }: Message, listener: Listener): boolean =>
  thread === undefined || listener.thread(room, thread)?.following === true;
