/** What deserves a notification while nobody looks. Pure: two states of the room list in, the news out. */
import type { Message, Room } from '../../../../shared/wire/rest.ts';
import { isHidden } from './hidden.ts';
import { roomName } from './names.ts';

export interface Alert {
  readonly room: string;
  readonly title: string;
  readonly text: string;
}

/** By room, up to which seq news were told of. */
export type Told = ReadonlyMap<string, number>;

/** Where each room stands now: what is there already is no news. */
export const heard = (rooms: readonly Room[]): Told =>
  new Map(rooms.map((room) => [room.id, room.lastMessage?.seq ?? 0]));

/** What came since `told` and counts by the room's own setting, nothing of whom one `blocked`; a room that was not there before tells nothing. */
export function alertsIn(
  rooms: readonly Room[],
  told: Told,
  me: string,
  blocked: ReadonlySet<string> = new Set(),
): readonly Alert[] {
  return rooms.flatMap((room) => {
    const last = room.lastMessage;
    const before = told.get(room.id);
    if (last === undefined || before === undefined || last.seq <= before || isHidden(last, blocked))
      return [];
    return deserves(room, last, me) ? [alertOf(room, last, me)] : [];
  });
}

function deserves(room: Room, last: Message, me: string): boolean {
  if (last.sender.id === me || last.kind !== 'text' || last.deletedAt !== undefined) return false;
  // Read on another device already.
  if (room.me.readSeq >= last.seq) return false;
  if (room.me.notify === 'none') return false;
  const isMine = last.mentions?.some((who) => who === me || who === 'room') === true;
  return room.me.notify === 'all' || isMine;
}

function alertOf(room: Room, last: Message, me: string): Alert {
  const name = last.sender.displayName;
  const text = last.text === '' ? 'Sent a file' : last.text.slice(0, 200);
  return {
    room: room.id,
    title: room.type === 'dm' ? name : `${name} in ${roomName(room, me)}`,
    text,
  };
}
