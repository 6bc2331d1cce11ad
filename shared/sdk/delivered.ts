import type { Message } from '../wire/rest.ts';

/** Tells the server how far a room's messages came to this device: once for each step, and not of one's own. */
export class Delivered {
  readonly #tell: (seq: number) => void;
  /** Up to where it was told. */
  #got = 0;

  constructor(tell: (seq: number) => void) {
    this.#tell = tell;
  }

  /** `last`: the room's last message; `known`: all up to there is here; `me`: one's own id. */
  note(last: Message | undefined, known: number, me: string | undefined): void {
    if (last === undefined || last.seq <= this.#got || last.seq > known) return;
    this.#got = known;
    if (last.sender.id !== me) this.#tell(known);
  }

  reset(): void {
    this.#got = 0;
  }
}
