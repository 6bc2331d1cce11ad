import type { RoomState } from './room.ts';

/** Rooms whose messages are kept in memory; of more, those opened longest ago and not looked at are unloaded. */
export const MAX_OPEN = 50;

/** The rooms whose messages are held, the latest opened last. */
export class Opened {
  readonly #ids = new Set<string>();
  readonly #find: (id: string) => RoomState | undefined;

  constructor(find: (id: string) => RoomState | undefined) {
    this.#find = find;
  }

  get full(): boolean {
    return this.#ids.size >= MAX_OPEN;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    for (const oldest of [...this.#ids].slice(0, -MAX_OPEN)) {
      const state = this.#find(oldest);
      state?.unload();
      if (state?.log.loaded !== true) this.#ids.delete(oldest);
    }
  }

  /** Lets go of one that is not among `kept` and not looked at; false where there is none. */
  release(kept: ReadonlySet<string>): boolean {
    for (const id of this.#ids) {
      if (kept.has(id)) continue;
      const state = this.#find(id);
      state?.unload();
      if (state?.log.loaded === true) continue;
      this.#ids.delete(id);
      return true;
    }
    return false;
  }

  forget(id: string): void {
    this.#ids.delete(id);
  }
}
