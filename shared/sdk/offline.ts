import type { Own } from './own.ts';
import { CACHE_LIMITS, type Cached, type CachedOwn, type RoomCache } from './room-cache.ts';
import { ReadAhead } from './read-ahead.ts';
import { RoomKeeper } from './room-keeper.ts';
import type { Rooms } from './rooms.ts';
import type { Threads } from './threads.ts';
import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';

export interface OfflineDeps {
  readonly cache: RoomCache;
  readonly user: string;
  readonly timing: Timing;
  readonly warn: (message: string, error: unknown) => void;
  readonly rooms: Rooms;
  readonly threads: Threads;
  readonly own: Own;
}

/** One user's rooms and threads from one visit to the next: shown from the cache at the start, kept in it as they change. */
export class Offline {
  readonly #deps: OfflineDeps;
  readonly #keeper: RoomKeeper;
  readonly #ahead: ReadAhead;
  #restored: Promise<void> = Promise.resolve();
  /** What comes too late is not shown: by then the server may have said otherwise. */
  #late = false;
  /** What was just read need not be written. */
  #quiet = false;

  constructor(deps: OfflineDeps) {
    this.#deps = deps;
    const { cache, user, timing, warn, rooms, threads, own } = deps;
    this.#keeper = new RoomKeeper({
      ...{ cache, user, warn, delay: timing.keepDelay },
      order: () => rooms.list.get().map(({ id }) => id),
      summary: (id) => {
        const { room, people } = rooms.state(id);
        return room === undefined ? undefined : { room, members: people.members.get() };
      },
      log: (id) => rooms.state(id).log.snapshot(CACHE_LIMITS.log),
      thread: (id, root) => rooms.keptThread(id, root),
      own: (what) =>
        what === 'blocked'
          ? { blocked: own.kept() }
          : { followed: threads.list.get().slice(0, CACHE_LIMITS.followed) },
    });
    this.#ahead = new ReadAhead({
      ...{ timing, warn },
      next: () => {
        const room = rooms.nextAhead();
        return room === undefined ? rooms.doubtedThread() : () => rooms.readAhead(room);
      },
    });
  }

  /** Settles when what was kept is shown, or is not worth waiting for any longer. Never rejects. */
  get restored(): Promise<void> {
    return this.#restored;
  }

  restore(): void {
    this.#restored = new Promise((resolve) => {
      const timer = new Timer(resolve);
      timer.set(this.#deps.timing.restore);
      void this.#keeper.open().then((cached) => {
        timer.stop();
        if (!this.#late && !this.#deps.rooms.loaded.get()) this.#show(cached);
        resolve();
      });
    });
  }

  changed(room: string, what: 'summary' | 'log'): void {
    if (!this.#quiet) this.#keeper.changed(room, what);
  }

  threadChanged(room: string, root: number): void {
    if (!this.#quiet) this.#keeper.threadChanged(room, root);
  }

  ownChanged(what: keyof CachedOwn): void {
    if (!this.#quiet) this.#keeper.ownChanged(what);
  }

  removed(): void {
    this.#keeper.removed();
  }

  restarted(room: string): void {
    this.#keeper.restarted(room);
  }

  onLink(ready: boolean): void {
    this.#late ||= ready;
    this.#ahead.onLink(ready);
  }

  /** The list changed: there may be rooms to read ahead. */
  poke(): void {
    this.#ahead.poke();
  }

  stop(): void {
    this.#keeper.stop();
    this.#ahead.stop();
  }

  #show({ rooms, own }: Cached): void {
    this.#quiet = true;
    // Whose words are hidden is known before any are shown.
    if (own.blocked !== undefined) this.#deps.own.restore(own.blocked);
    this.#deps.rooms.restore(rooms);
    if (own.followed !== undefined) this.#deps.threads.restore(own.followed);
    this.#quiet = false;
  }
}
