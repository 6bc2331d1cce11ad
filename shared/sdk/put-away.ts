/** What is said in rooms of the archive by somebody whom one blocked. It is no news, so they stay there. */
import { isArchived } from '../wire/prefs.ts';
import type { Message, Room } from '../wire/rest.ts';

/** Up to where `room` is put away once `message` is its last; undefined where that is as before. The server judges alike. */
export function putAwayBy(
  room: Pick<Room, 'me' | 'lastMessage'>,
  { kind, sender, seq }: Message,
  blocked: ReadonlySet<string>,
): number | undefined {
  return kind === 'text' && blocked.has(sender.id) && isArchived(room) ? seq : undefined;
}

/** Up to where it is put away by what the server said and what is known `before`, of which either may be older. */
export function laterPutAway(
  before: Pick<Room, 'me' | 'lastMessage'>,
  room: Pick<Room, 'me' | 'lastMessage'>,
): number {
  const [known = 0, read = 0] = [before.me.archivedSeq, room.me.archivedSeq];
  const isOlder = (room.lastMessage?.seq ?? 0) < (before.lastMessage?.seq ?? 0);
  return known > 0 && read > 0 && isOlder ? Math.max(known, read) : read;
}
