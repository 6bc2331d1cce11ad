import type { StoredRoom } from '../store/rooms.ts';
import type { ThreadStore } from '../store/threads.ts';
import type { MembershipCache } from './membership.ts';
import type { RoomLists } from './room-lists.ts';
import type { Signals } from './signals.ts';

/** What follows a stored change of who is in a room, in the order that keeps every view right. */
export class Arrivals {
  readonly #membership: MembershipCache;
  readonly #lists: RoomLists;
  readonly #signals: Signals;
  readonly #threads: Pick<ThreadStore, 'leave'>;

  constructor(deps: {
    readonly membership: MembershipCache;
    readonly lists: RoomLists;
    readonly signals: Signals;
    readonly threads: Pick<ThreadStore, 'leave'>;
  }) {
    this.#membership = deps.membership;
    this.#lists = deps.lists;
    this.#signals = deps.signals;
    this.#threads = deps.threads;
  }

  /** These users are in now. Caches first: who hears the signal must not read the state before it. */
  async announce(room: StoredRoom, users: readonly string[]): Promise<void> {
    await this.forget(room.id, users);
    await this.#signals.joined(room, users);
    await this.#signals.roomChanged(room);
  }

  /** These users are out. */
  async announceRemoval(room: StoredRoom, users: readonly string[]): Promise<void> {
    await this.forget(room.id, users);
    await this.#signals.removed(room.id, room.v, users);
    await this.#signals.roomChanged(room);
    // Last: no list shows them any more, since those go by membership.
    await this.#threads.leave(room.id, users);
  }

  async forget(room: string, users: readonly string[]): Promise<void> {
    await Promise.all([this.#membership.changed(room, users), this.#lists.invalidate(users)]);
  }
}
