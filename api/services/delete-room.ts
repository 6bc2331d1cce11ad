import { notFound } from '../../shared/node/errors.ts';
import type { Logger } from '../../shared/node/logger.ts';
import { requireRight } from '../rights/require.ts';
import type { MemberStore } from '../store/members.ts';
import type { RoomStore } from '../store/rooms.ts';
import type { SearchStore } from '../store/search.ts';
import type { Arrivals } from './arrivals.ts';
import type { LogPort } from './ports.ts';
import type { Rooms } from './rooms.ts';
import type { Signals } from './signals.ts';

const MEMBERS_PER_STEP = 500;
/** ms after which a deletion that is not done counts as abandoned. */
const ABANDONED = 60_000;
const ROOMS_PER_SWEEP = 100;

export interface DeleteRoomDeps {
  readonly rooms: Rooms;
  readonly roomStore: RoomStore;
  readonly members: MemberStore;
  readonly log: LogPort;
  readonly searchStore: Pick<SearchStore, 'deleteRoom'>;
  /** What people wrote and did not send, the links they made, and their files. */
  readonly written: readonly { deleteRoom(room: string): Promise<void> }[];
  readonly arrivals: Arrivals;
  readonly signals: Signals;
  readonly logger: Logger;
}

/** Deleting rooms: marked first, so that nobody finds it; then told, emptied, and last the room itself. */
export class DeleteRoom {
  readonly #deps: DeleteRoomDeps;

  constructor(deps: DeleteRoomDeps) {
    this.#deps = deps;
  }

  /** By the owner. */
  async delete(user: string, id: string): Promise<void> {
    const { room, member } = await this.#deps.rooms.standing(user, id);
    requireRight('room.delete', room, member.role);
    await this.finish(id);
  }

  /** All steps, from wherever an earlier call left off. */
  async finish(id: string): Promise<void> {
    const { roomStore, members, log, searchStore, arrivals, signals } = this.#deps;
    const room = await roomStore.markDeleted(id);
    if (room === undefined) throw notFound('room');
    for await (const users of members.usersOf(id, MEMBERS_PER_STEP)) {
      await arrivals.forget(id, users);
      await signals.removed(id, room.v, users);
    }
    await signals.roomGone(id, room.v);
    await members.deleteRoom(id);
    await log.deleteRoom(id);
    // After the log, which is what the index is filled from.
    await searchStore.deleteRoom(id);
    for (const store of this.#deps.written) await store.deleteRoom(id);
    await roomStore.delete(id);
  }

  /** Completes deletions whose node died. */
  async sweep(): Promise<void> {
    const abandoned = await this.#deps.roomStore.halfDeleted(
      new Date(Date.now() - ABANDONED),
      ROOMS_PER_SWEEP,
    );
    for (const id of abandoned) {
      this.#deps.logger.info({ room: id }, 'completing the deletion of a room');
      await this.finish(id);
    }
  }
}
