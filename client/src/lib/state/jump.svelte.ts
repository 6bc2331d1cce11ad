export interface Jump {
  readonly room: string;
  readonly seq: number;
  /** The root of the thread it stands in. */
  readonly thread?: number;
  /** The conversation one was in. */
  readonly from?: string;
}

/** Which message somebody wants to see, until its conversation has taken the wish. Owned by the app. */
export class Jumps {
  #wanted: Jump | undefined = $state.raw();

  get wanted(): Jump | undefined {
    return this.#wanted;
  }

  to(jump: Jump): void {
    this.#wanted = jump;
  }

  /** Gives the wish for `room`, or for the `thread` in it, once. */
  take(room: string, thread?: number): Jump | undefined {
    const wanted = this.#wanted;
    if (wanted?.room !== room || wanted.thread !== thread) return undefined;
    this.#wanted = undefined;
    return wanted;
  }
}
