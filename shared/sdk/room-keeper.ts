import type { Member, Room } from '../wire/rest.ts';
import type { Snapshot } from '../wire/snapshot.ts';
import { threadKey, type KeptThread } from './kept-thread.ts';
import {
  CACHE_LIMITS,
  keptOf,
  type CacheChanges,
  type Cached,
  type CachedOwn,
  type RoomCache,
} from './room-cache.ts';
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
  /** Undefined: not worth keeping any more. */
  readonly thread: (room: string, root: number) => KeptThread | undefined;
  readonly own: (what: keyof CachedOwn) => CachedOwn;
}

const NOTHING: Cached = { rooms: [], own: {} };

/** Writes one user's rooms behind into the cache: what changed since the last time, in one go. A failure costs the copy only. */
export class RoomKeeper {
  readonly #deps: RoomKeeperDeps;
  readonly #summaries = new Set<string>();
  readonly #logs = new Set<string>();
  readonly #threads = new Map<string, { readonly room: string; readonly root: number }>();
  readonly #own = new Set<keyof CachedOwn>();
  readonly #timer = new Timer(() => {
    void this.#write();
  });
  readonly #restarted = new Set<string>();
  #open = false;
  #hasRemoved = false;
  #writing = false;
  #stopped = false;

  constructor(deps: RoomKeeperDeps) {
    this.#deps = deps;
  }

  /** What was kept last; writing begins behind it. */
  async open(): Promise<Cached> {
    try {
      const cached = await this.#deps.cache.open(this.#deps.user);
      this.#open = true;
      return this.#stopped ? NOTHING : cached;
    } catch (error) {
      this.#deps.warn('what was kept of the rooms could not be read', error);
      return NOTHING;
    }
  }

  changed(room: string, what: 'summary' | 'log'): void {
    (what === 'log' ? this.#logs : this.#summaries).add(room);
    this.#schedule();
  }

  threadChanged(room: string, root: number): void {
    this.#threads.set(threadKey(room, root), { room, root });
    this.#schedule();
  }

  ownChanged(what: keyof CachedOwn): void {
    this.#own.add(what);
    this.#schedule();
  }

  /** Out of a room: it goes with the next writing, as it is not in the order any more. */
  removed(): void {
    this.#hasRemoved = true;
    this.#schedule();
  }

  /** The server was set back: what is kept of its messages goes before anything else of it is kept. */
  restarted(room: string): void {
    this.#restarted.add(room);
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
    const waiting = [this.#summaries, this.#logs, this.#threads, this.#own, this.#restarted];
    if (this.#hasRemoved || waiting.some(({ size }) => size > 0)) this.#schedule();
  }

  #take(): CacheChanges {
    const { order, summary, log, thread, own } = this.#deps;
    this.#hasRemoved = false;
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
    const threads = [...this.#threads.values()].map(({ room, root }) => ({
      ...{ room, root },
      kept: thread(room, root),
    }));
    const aside: CachedOwn = Object.assign({}, ...[...this.#own].map(own));
    const restarted = [...this.#restarted];
    const taken = [this.#summaries, this.#logs, this.#threads, this.#own, this.#restarted];
    for (const changed of taken) changed.clear();
    return { order: ids, restarted, summaries, logs, threads, own: aside };
  }
}
