/** Rooms remembered per user; the oldest removal is forgotten first. */
const MAX_ROOMS = 256;
/** ms for which news of a join may still be under way, or a list that was read before. */
const LIFETIME = 30_000;

/** The rooms a user was lately taken out of, and at which version: what tells of them as a member at or below it is stale. */
export class Departures {
  /** Most users leave no room while they are here. */
  #rooms: Map<string, { readonly v: number; readonly at: number }> | undefined;

  /** `now`: clock's ms. */
  note(room: string, v: number, now: number): void {
    const rooms = (this.#rooms ??= new Map());
    const known = rooms.get(room);
    rooms.delete(room);
    rooms.set(room, { v: Math.max(v, known?.v ?? 0), at: now });
    const [oldest] = rooms.keys();
    if (rooms.size > MAX_ROOMS && oldest !== undefined) rooms.delete(oldest);
  }

  /** Whether a membership told at version `v` of the room is older than the removal. */
  outdates(room: string, v: number, now: number): boolean {
    const left = this.#rooms?.get(room);
    return left !== undefined && v <= left.v && now - left.at < LIFETIME;
  }
}
