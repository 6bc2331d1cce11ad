import type { Member, Room } from '../wire/rest.ts';
import type { Snapshot } from '../wire/snapshot.ts';
import { CACHE_LIMITS, keptOf, type CacheChanges, type CachedRoom, type RoomCache } from './room-cache.ts';
import { Timer } from './timer.ts';

export interface RoomKeeperDeps {
  readonly cache: RoomCache;
  readonly user: string;
  /** ms from a change to its being written; more changes meanwhile go with it. */
  readonly delay: number;
  readonly warn: (message: string, error: unknown) => void;
  /** All rooms, the latest active first. */
  readonly order: () => readonly string[];
  readonly summary: (
    room: string,
  ) => { readonly room: Room; readonly members: readonly Member[] } | undefined;
  readonly log: (room: string) => Snapshot | undefined;
}

/** Writes one user's rooms behind into the cache: what changed since the last time, in one go. A failure costs the copy only. */
export class RoomKeeper {
  readonly #deps: RoomKeeperDeps;
  readonly #summaries = new Set<string>();
  readonly #logs = new Set<string>();
  readonly #timer = new Timer(() => {
    void this.#write();
  });
  #open = false;
  #writing = false;
  #stopped = false;

  constructor(deps: RoomKeeperDeps) {
    this.#deps = deps;
  }

  /** What was kept last; writing begins behind it. */
  async open(): Promise<readonly CachedRoom[]> {
    try {
      const rooms = await this.#deps.cache.open(this.#deps.user);
      this.#open = true;
      return this.#stopped ? [] : rooms;
    } catch (error) {
      this.#deps.warn('what was kept of the rooms could not be read', error);
      return [];
    }
  }

  changed(room: string, what: 'summary' | 'log'): void {
    (what === 'log' ? this.#logs : this.#summaries).add(room);
    this.#schedule();
  }

  /** Out of a room: it goes with the next writing, as it is not in the order any more. */
  removed(): void {
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer.stop();
  }

  #schedule(): void {
    if (this.#stopped || this.#writing) return;
    this.#timer.ensure(this.#deps.delay);
  }

  async #write(): Promise<void> {
    const { cache, user, warn } = this.#deps;
    if (!this.#open) return;
    const changes = this.#take();
    this.#writing = true;
    try {
      await cache.write(user, changes);
    } catch (error) {
      warn('the rooms could not be kept for the next visit', error);
    }
    this.#writing = false;
    if (this.#summaries.size + this.#logs.size > 0) this.#schedule();
  }

  #take(): CacheChanges {
    const { order, summary, log } = this.#deps;
    const ids = order();
    const kept = keptOf(ids);
    const summaries = [...this.#summaries].flatMap((id) => {
      const found = kept.summaries.has(id) ? summary(id) : undefined;
      if (found === undefined) return [];
      return [{ ...found, members: found.members.length > CACHE_LIMITS.members ? [] : found.members }];
    });
    const logs = [...this.#logs].flatMap((room) => {
      const found = kept.logs.has(room) ? log(room) : undefined;
      return found === undefined ? [] : [{ room, log: found }];
    });
    this.#summaries.clear();
    this.#logs.clear();
    return { order: ids, summaries, logs };
  }
}
