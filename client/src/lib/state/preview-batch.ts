import type { RoomHandle } from '../../../../shared/sdk/types.ts';

/** One message of a question, and under what its answer is kept. */
export type Asked = readonly [seq: number, key: string];

/** ms in which messages that come into view gather to one question, and how many one may hold. */
const GATHER = 60;
const BATCH = 20;

/** Gathers what is wanted within a moment into one question a room. */
export class PreviewBatch {
  readonly #ask: (handle: RoomHandle, batch: readonly Asked[]) => void;
  readonly #wanted = new Map<RoomHandle, Asked[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (handle: RoomHandle, batch: readonly Asked[]) => void) {
    this.#ask = ask;
  }

  add(handle: RoomHandle, asked: Asked): void {
    const ofRoom = this.#wanted.get(handle) ?? [];
    ofRoom.push(asked);
    this.#wanted.set(handle, ofRoom);
    this.#timer ??= setTimeout(() => {
      this.#go();
    }, GATHER);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wanted.clear();
  }

  #go(): void {
    const wanted = [...this.#wanted];
    this.clear();
    for (const [handle, all] of wanted)
      for (let from = 0; from < all.length; from += BATCH) this.#ask(handle, all.slice(from, from + BATCH));
  }
}
