/** What the list of rooms shows, in which order. */
import { isArchived, loudness } from '../../../../shared/wire/prefs.ts';
import type { Room } from '../../../../shared/wire/rest.ts';
import { roomName } from './names.ts';

export type RoomFilter = 'all' | 'unread' | 'people' | 'channels';

export const ROOM_FILTERS: readonly { readonly id: RoomFilter; readonly label: string }[] = [
  { id: 'all', label: 'All' },
  { id: 'unread', label: 'Unread' },
  { id: 'people', label: 'People' },
  { id: 'channels', label: 'Channels' },
];

export interface RoomSections {
  readonly favourites: readonly Room[];
  readonly others: readonly Room[];
  readonly archived: readonly Room[];
}

/**
 * Favourites apart, the engine's order (latest activity first) kept in both. The open room stays in the list whatever
 * the filter says, so that reading a room does not take it away under the pointer.
 */
export function sections(rooms: readonly Room[], filter: RoomFilter, open?: string): RoomSections {
  const shown = rooms.filter((room) => room.id === open || passes(room, filter));
  return {
    favourites: shown.filter((room) => room.me.favourite && !isArchived(room)),
    others: shown.filter((room) => !room.me.favourite && !isArchived(room)),
    archived: shown.filter(isArchived),
  };
}

function passes(room: Room, filter: RoomFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'unread':
      return room.me.unread > 0;
    case 'people':
      return room.type !== 'channel';
    case 'channels':
      return room.type === 'channel';
  }
}

/** The room `step` places from `from` in the list as shown; wraps around. Undefined when there is none. */
export function neighbour(
  rooms: readonly Room[],
  from: string | undefined,
  step: 1 | -1,
  unreadOnly: boolean,
): string | undefined {
  const { favourites, others } = sections(rooms, 'all');
  const list = [...favourites, ...others];
  const start = list.findIndex((room) => room.id === from);
  for (let moved = 1; moved <= list.length; moved += 1) {
    const index = start === -1 ? (step === 1 ? moved - 1 : list.length - moved) : start + step * moved;
    const room = list.at(((index % list.length) + list.length) % list.length);
    if (room !== undefined && room.id !== from && (!unreadOnly || room.me.unread > 0)) return room.id;
  }
  return undefined;
}

/** Whether what waits in a room asks for attention: a muted room only where one is named. */
export function isLoud(room: Room, now = Date.now()): boolean {
  const level = loudness(room, now);
  if (level === 'none') return room.me.mentions > 0;
  return room.me.mentions > 0 || (level === 'all' && room.me.unread > 0);
}

/** Rooms whose name, or the username of whom they are with, holds every word of `query`; those that begin with it first. */
export function searchRooms(rooms: readonly Room[], query: string, me: string): readonly Room[] {
  const words = query.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  const named = rooms.map((room) => ({ room, name: roomName(room, me).toLocaleLowerCase() }));
  const found = named.filter(({ room, name }) =>
    words.every((word) => name.includes(word) || room.peer?.username.includes(word) === true),
  );
  const rank = (name: string): number => (name.startsWith(words[0] ?? '') ? 0 : 1);
  return found.toSorted((a, b) => rank(a.name) - rank(b.name)).map(({ room }) => room);
}
