/**
 * A user's room list as it stands in Redis under `roomListKey`: written by API nodes, read by gateways.
 * JSON of room id → [readSeq, v, members], and beside them, under `self`, what there is to say of the user.
 */
import type { RoomList, Self } from './internal.ts';

type Rooms = RoomList['rooms'];

/** No room has this id. */
const SELF = 'self';

export const encodeRoomList = (rooms: Rooms, self?: Self): string =>
  JSON.stringify(self === undefined ? rooms : { ...rooms, [SELF]: self });

/** undefined for anything no API node wrote: the reader then asks one. */
export function decodeRoomList(text: string): Rooms | undefined {
  return decodeCachedList(text)?.rooms;
}

/** As `decodeRoomList`, with what is said of the user. */
export function decodeCachedList(text: string): Pick<RoomList, 'rooms' | 'self'> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { [SELF]: self, ...rooms } = value as Record<string, unknown>;
  for (const [room, row] of Object.entries(rooms)) {
    if (!/^[0-9a-f]{24}$/.test(room) || !isRow(row)) return undefined;
  }
  if (self === undefined) return { rooms: rooms as Rooms };
  return isSelf(self) ? { rooms: rooms as Rooms, self } : undefined;
}

function isRow(row: unknown): boolean {
  return Array.isArray(row) && row.length === 3 && row.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function isSelf(value: unknown): value is Self {
  if (typeof value !== 'object' || value === null || !('v' in value) || !Number.isSafeInteger(value.v))
    return false;
  return !('unseen' in value) || Array.isArray(value.unseen);
}
