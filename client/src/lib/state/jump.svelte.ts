/** Which message somebody wants to see, until its conversation has taken the wish. Owned by the app. */
export class Jumps {
  #wanted: { readonly room: string; readonly seq: number } | undefined = $state.raw();

  get wanted(): { readonly room: string; readonly seq: number } | undefined {
    return this.#wanted;
  }

  to(room: string, seq: number): void {
    this.#wanted = { room, seq };
  }

  /** Gives the wish for `room`, once. */
  take(room: string): number | undefined {
    const wanted = this.#wanted;
    if (wanted?.room !== room) return undefined;
    this.#wanted = undefined;
    return wanted.seq;
  }
}
