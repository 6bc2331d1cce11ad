/**
 * A user's room list as it stands in Redis under `roomListKey`: written by API nodes, read by gateways.
 * JSON of room id → [readSeq, v, members].
 */
import type { RoomList } from './internal.ts';

type Rooms = RoomList['rooms'];

export const encodeRoomList = (rooms: Rooms): string => JSON.stringify(rooms);

/** undefined for anything no API node wrote: the reader then asks one. */
export function decodeRoomList(text: string): Rooms | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  for (const [room, row] of Object.entries(value)) {
    if (!/^[0-9a-f]{24}$/.test(room) || !isRow(row)) return undefined;
  }
  return value as Rooms;
}

function isRow(row: unknown): boolean {
  return Array.isArray(row) && row.length === 3 && row.every((n) => Number.isSafeInteger(n) && n >= 0);
}
