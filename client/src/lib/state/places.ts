/** Where a reader stood in a conversation. */
export interface Place {
  /** Read on from the newest. */
  readonly atEnd: boolean;
  /** The first message seen, and how far (px) its words stand below the list's top. */
  readonly key: string | undefined;
  readonly top: number;
}

const LIMIT = 50;

/** The places of the last rooms visited, so that coming back finds the same scroll. */
export class Places {
  readonly #byRoom = new Map<string, Place>();

  get(room: string): Place | undefined {
    return this.#byRoom.get(room);
  }

  set(room: string, place: Place): void {
    this.#byRoom.delete(room);
    this.#byRoom.set(room, place);
    const oldest = this.#byRoom.keys().next();
    if (this.#byRoom.size > LIMIT && !oldest.done) this.#byRoom.delete(oldest.value);
  }

  drop(room: string): void {
    this.#byRoom.delete(room);
  }

  clear(): void {
    this.#byRoom.clear();
  }
}
