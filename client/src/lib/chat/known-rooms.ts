/** What is remembered of rooms from one visit to the next. */
import type { Room } from '../../../../shared/wire/rest.ts';
import { roomTitle } from './names.ts';

const LISTED = 100;
const GONE = 50;

/** What is remembered of a room while the server cannot be asked, or after one is out of it. */
export interface KnownRoom {
  readonly id: string;
  readonly title: string;
  /** Whose or what colour it has. */
  readonly face: string;
  readonly square: boolean;
  /** False: one was in it. */
  readonly listed: boolean;
}
/** One person's. */
export interface Known {
  readonly user: string;
  readonly rooms: readonly KnownRoom[];
}
export const NONE_KNOWN: Known = { user: '', rooms: [] };

/** The list as it is now, and behind it what one was in before: the latest few. */
export function knownAfter(
  before: readonly KnownRoom[],
  rooms: readonly Room[],
  me: string,
): readonly KnownRoom[] {
  const ids = new Set(rooms.map(({ id }) => id));
  const gone = before.filter(({ id }) => !ids.has(id)).map((room) => ({ ...room, listed: false }));
  const listed = rooms.slice(0, LISTED).map((room) => ({
    id: room.id,
    title: roomTitle(room, me),
    face: room.peer?.id ?? room.id,
    square: room.type !== 'dm',
    listed: true,
  }));
  return [...listed, ...gone.slice(0, GONE)];
}

/** What was stored; nothing where it cannot be read. */
export function parseKnown(text: string | undefined): Known {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (!isRecord(value) || typeof value['user'] !== 'string' || !Array.isArray(value['rooms']))
      return NONE_KNOWN;
    return { user: value['user'], rooms: value['rooms'].filter(isKnownRoom) };
  } catch {
    return NONE_KNOWN;
  }
}

function isKnownRoom(value: unknown): value is KnownRoom {
  if (!isRecord(value) || typeof value['square'] !== 'boolean' || typeof value['listed'] !== 'boolean')
    return false;
  return ['id', 'title', 'face'].every((field) => typeof value[field] === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
