import type { Cache } from './cache.ts';
import type { Room } from './room.ts';
import type { Uplink } from './uplink.ts';

export interface HeadWish {
  readonly room: Room;
  /** What the asker already has; a counter below it is not to be believed. */
  readonly have: number;
}

/**
 * Reads where rooms stand, for sessions that just entered their fan-out. The order matters: first the subscription is
 * answered, then the head is read; whatever is published between the two arrives on the subscription.
 */
export class HeadReader {
  readonly #cache: Cache;
  readonly #uplink: Uplink;
  readonly #onDoubt: () => void;

  /** `onDoubt` is called when Redis could not be read or lacked a counter. */
  constructor(options: { cache: Cache; uplink: Uplink; onDoubt: () => void }) {
    this.#cache = options.cache;
    this.#uplink = options.uplink;
    this.#onDoubt = options.onDoubt;
  }

  /** The head of each room, by id; starts the positions of rooms that have none. Rejects when only MongoDB could tell and the API is away. */
  async read(wishes: readonly HeadWish[]): Promise<Map<string, number>> {
    const counters = await this.#counters(wishes);
    const heads = new Map<string, number>();
    const doubtful: string[] = [];
    wishes.forEach(({ room, have }, index) => {
      const counter = counters[index];
      heads.set(room.id, Math.max(counter ?? 0, room.top));
      if (counter === undefined || counter < Math.max(have, room.top)) doubtful.push(room.id);
    });
    if (doubtful.length > 0) await this.#ask(doubtful, heads);
    for (const { room } of wishes) {
      const head = Math.max(heads.get(room.id) ?? 0, room.top);
      heads.set(room.id, head);
      room.start(head);
    }
    return heads;
  }

  async #counters(wishes: readonly HeadWish[]): Promise<readonly (number | undefined)[]> {
    if (wishes.length === 0) return [];
    try {
      const rooms = wishes.map(({ room }) => room.id);
      const [counters, versions] = await Promise.all([
        this.#cache.counters(rooms),
        this.#cache.versions(rooms),
      ]);
      // The asker's list may come from a cache older than the room's last change.
      wishes.forEach(({ room }, index) => (room.v = Math.max(room.v, versions[index] ?? 0)));
      return counters;
    } catch {
      // The connection reports its own loss; here it only means: MongoDB knows.
      this.#onDoubt();
      return [];
    }
  }

  async #ask(rooms: readonly string[], heads: Map<string, number>): Promise<void> {
    const stored = await this.#uplink.heads(rooms);
    for (const room of rooms) heads.set(room, Math.max(heads.get(room) ?? 0, stored[room] ?? 0));
  }
}
