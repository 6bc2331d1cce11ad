import { withoutMarkup } from './markdown/plain.ts';
import { HIDDEN, isHidden } from './hidden.ts';
import { noticeWords, type NameOf } from './notices.ts';
import type { Message, Room, UserSummary } from '../../../../shared/wire/rest.ts';
import { attachmentLine } from './attachments.ts';

/** What a room is called on screen; a dm bears the other person's name. */
export function roomName(room: Room, me: string): string {
  if (room.type !== 'dm') return room.name ?? 'Unnamed';
  if (room.peer === undefined) return 'Deleted user';
  return room.peer.id === me ? `${room.peer.displayName} (you)` : room.peer.displayName;
}

/** As `roomName`, with the `#` by which people speak of channels. */
export function roomTitle(room: Room, me: string): string {
  return room.type === 'channel' ? `#${roomName(room, me)}` : roomName(room, me);
}

/** One or two letters that stand for a name; "?" when it has none. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = firstSymbol(words[0]);
  const last = words.length > 1 ? firstSymbol(words.at(-1)) : '';
  return (first + last).toLocaleUpperCase() || '?';
}

function firstSymbol(word: string | undefined): string {
  return word?.match(/[\p{L}\p{N}]/u)?.[0] ?? '';
}

/** A hue (0 to 359) that stays with an id for ever. FNV-1a spreads ids that differ in one digit. */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  // Steps of 24°: neighbours stay tellable apart.
  return ((hash >>> 0) % 15) * 24;
}

export interface Preview {
  /** Who said it, where that needs saying. */
  readonly by?: string;
  readonly text: string;
}

/** The line under a room's name in the list; nothing in it of whom one blocked. */
export function preview(
  room: Room,
  me: string,
  blocked: ReadonlySet<string> = new Set(),
  nameOf: NameOf = () => undefined,
): Preview {
  const last = room.lastMessage;
  if (last === undefined) return { text: room.topic ?? 'No messages yet' };
  if (last.deletedAt !== undefined) return { text: 'Message deleted' };
  if (last.kind === 'notice') return { text: noticeWords(last, me, nameOf) };
  if (isHidden(last, blocked)) return { text: HIDDEN };
  const text = bodyPreview(last);
  if (last.sender.id === me) return { by: 'You', text };
  return room.type === 'dm' ? { text } : { by: firstName(last.sender), text };
}

/** The same of what one wrote and is not sent yet. */
export function ownPreview(message: Pick<Message, 'text' | 'attachments'>): Preview {
  return { by: 'You', text: bodyPreview(message) };
}

function bodyPreview(message: Pick<Message, 'text' | 'attachments'>): string {
  const text = withoutMarkup(message.text.slice(0, 200)).replace(/\s+/gu, ' ').trim();
  return text === '' ? attachmentLine(message.attachments ?? []) : text;
}

/** What people call each other in passing. */
export function firstName(user: Pick<UserSummary, 'displayName' | 'username'>): string {
  return user.displayName.split(/\s+/u)[0] || user.username;
}

/** "Ada is typing…", "Ada and Bob are typing…", "Several people are typing…"; empty for nobody but the blocked. */
export function typingLine(typing: readonly UserSummary[], blocked: ReadonlySet<string> = new Set()): string {
  const users = typing.filter(({ id }) => !blocked.has(id));
  const [first, second] = users;
  if (first === undefined) return '';
  if (second === undefined) return `${firstName(first)} is typing…`;
  if (users.length === 2) return `${firstName(first)} and ${firstName(second)} are typing…`;
  return 'Several people are typing…';
}

/** "99+" where counting has stopped. */
export function badge(count: number): string {
  return count > 99 ? '99+' : String(count);
}

/** "1 member", "12 members". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

/** What a search typed with `#` or `@` looks for. */
export function bareQuery(query: string): string {
  return query.trim().replace(/^[#@]/u, '');
}
