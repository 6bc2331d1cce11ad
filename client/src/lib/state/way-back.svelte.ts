import { untrack } from 'svelte';
import type { Place } from './places.ts';

/** Where one was before a jump: in this conversation, or in another. */
export type Origin =
  | { readonly kind: 'here'; readonly place: Place; readonly seq: number | undefined }
  | { readonly kind: 'room'; readonly room: string };

/** Jumps that can be taken back, one after the other. */
const LIMIT = 10;
/** px that count as not having moved. */
const SLACK = 8;

/** The way back from jumps within one conversation, or into it. Owned by the conversation. */
export class WayBack {
  #origins: readonly Origin[] = $state.raw([]);

  /** Where the next step back leads. */
  get origin(): Origin | undefined {
    return this.#origins.at(-1);
  }

  leave(origin: Origin): void {
    untrack(() => {
      this.#origins = [...this.#origins, origin].slice(-LIMIT);
    });
  }

  /** The step back, once. */
  take(): Origin | undefined {
    const { origin } = this;
    this.#origins = this.#origins.slice(0, -1);
    return origin;
  }

  /** One stands at `place` now: who is where they were needs no way back there. */
  arrive(place: Place | undefined): void {
    untrack(() => {
      const { origin } = this;
      if (origin?.kind === 'here' && place !== undefined && isSame(origin.place, place))
        this.#origins = this.#origins.slice(0, -1);
    });
  }

  clear(): void {
    untrack(() => {
      if (this.#origins.length > 0) this.#origins = [];
    });
  }
}

function isSame(a: Place, b: Place): boolean {
  if (a.atEnd || b.atEnd) return a.atEnd === b.atEnd;
  return a.key === b.key && Math.abs(a.top - b.top) <= SLACK;
}
