/** What one's own settings of a room mean; the server does not act on them, every client asks the same. */
import type { Notify, Room } from './rest.ts';

/** How loud the room is at `now` (ms since the epoch): a mute that is over counts no more. */
export function loudness({ me }: Pick<Room, 'me'>, now: number): Notify {
  const isMuted = me.mutedUntil !== undefined && Date.parse(me.mutedUntil) > now;
  return isMuted ? 'none' : me.notify;
}

/** Whether the room stands in one's list: a dm that somebody else began does with its first message, or once one opens it. */
export function isListed({ head, me }: Pick<Room, 'head' | 'me'>): boolean {
  return head > 0 || me.unopened !== true;
}

/**
 * Whether the room is put away. It comes back by itself: with the next message, where it tells of all; with a mention, where
 * it tells of those; muted for good, it stays away until it is taken out.
 */
export function isArchived(room: Pick<Room, 'me' | 'lastMessage'>): boolean {
  const upTo = room.me.archivedSeq ?? 0;
  if (upTo === 0) return false;
  if (room.me.notify === 'none') return true;
  if (room.me.notify === 'mentions') return room.me.mentions === 0;
  const last = room.lastMessage;
  return last === undefined || last.seq <= upTo || (last.kind !== 'text' && room.me.unread === 0);
}

/**
 * Whether the room came back from the archive since it was put there. What brought it back is told by its last entry and by
 * what is unread, neither of which lasts: so it is taken out for good now.
 */
export function cameBack(room: Pick<Room, 'me' | 'lastMessage'>): boolean {
  const upTo = room.me.archivedSeq ?? 0;
  return upTo > 0 && (room.lastMessage?.seq ?? 0) > upTo && !isArchived(room);
}
