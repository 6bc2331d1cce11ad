import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { MemberStore } from '../store/members.ts';
import type { RoomStore, StoredRoom } from '../store/rooms.ts';

const ATTEMPTS = 20;

/**
 * The last step of each change of a membership: the members are counted anew and v is raised, in one write that holds
 * only if nothing else changed meanwhile. Changes of a room that come together on this node share one.
 */
export class RoomChanges {
  readonly #rooms: RoomStore;
  readonly #members: MemberStore;
  /** Per room: the run under way, and the one that waits for it. Empty when nothing runs. */
  readonly #running = new Map<string, Promise<StoredRoom>>();
  readonly #waiting = new Map<string, Promise<StoredRoom>>();

  constructor(deps: { readonly rooms: RoomStore; readonly members: MemberStore }) {
    this.#rooms = deps.rooms;
    this.#members = deps.members;
  }

  /** The room with its new v and count, counted after this call began. Throws `not_found` for a room that is gone. */
  membersChanged(room: string): Promise<StoredRoom> {
    const running = this.#running.get(room);
    if (running === undefined) return this.#run(room);
    const waiting = this.#waiting.get(room);
    if (waiting !== undefined) return waiting;
    const next = running
      .catch(() => undefined)
      .then(() => {
        this.#waiting.delete(room);
        return this.#run(room);
      });
    this.#waiting.set(room, next);
    return next;
  }

  #run(room: string): Promise<StoredRoom> {
    const run = this.#recount(room).finally(() => {
      if (this.#running.get(room) === run) this.#running.delete(room);
    });
    this.#running.set(room, run);
    return run;
  }

  async #recount(room: string): Promise<StoredRoom> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await this.#rooms.byId(room);
      if (before === undefined) throw notFound('room');
      const changed = await this.#rooms.setMembers(room, before.v, await this.#members.count(room));
      if (changed !== undefined) return changed;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * (attempt + 1)));
    }
    throw new ParleyError('overloaded', 'This room changes too fast at the moment.', { retryAfterMs: 1_000 });
  }
}
