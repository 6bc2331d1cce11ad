import { each } from '../../shared/node/each.ts';
import type { RoomNews } from '../../shared/node/internal.ts';
import { encodeFrame } from '../../shared/wire/protocol.ts';
import type { RoomStore, StoredRoom } from '../store/rooms.ts';
import type { RoomViews } from './room-views.ts';

/** Rooms viewed at once. */
const CONCURRENCY = 16;

/** Rooms as they now stand, for gateways that find they missed a change. */
export class RoomNewsReader {
  readonly #rooms: RoomStore;
  readonly #views: RoomViews;

  constructor(deps: { readonly rooms: RoomStore; readonly views: RoomViews }) {
    this.#rooms = deps.rooms;
    this.#views = deps.views;
  }

  /** By id; rooms that are gone are missing. */
  async read(rooms: readonly string[]): Promise<Record<string, RoomNews>> {
    const found = await this.#rooms.byIds(rooms);
    const news = await each(
      found,
      CONCURRENCY,
      async (room) => [room.id, { v: room.v, frame: await roomFrame(this.#views, room) }] as const,
    );
    return Object.fromEntries(news);
  }
}

/** What everybody in the room is told when it changed. */
export async function roomFrame(views: RoomViews, room: StoredRoom): Promise<string> {
  const view = await views.shared(room);
  return encodeFrame({ type: 'room', room: view, head: view.head });
}
