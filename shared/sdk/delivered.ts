import type { Message } from '../wire/rest.ts';

/** Tells the server how far a room's messages came to this device: once for each step, and not of one's own. */
export class Delivered {
  readonly #tell: (seq: number) => void;
  /** Up to where it was told, or need not be. */
  #got = 0;
  /** The newest of others that came. */
  #others = 0;

  constructor(tell: (seq: number) => void) {
    this.#tell = tell;
  }

  /** Before the position passes them: one's own may stand behind those of others. */
  hear(messages: readonly Message[], me: string | undefined): void {
    const seq = messages.findLast(({ sender }) => sender.id !== me)?.seq ?? 0;
    this.#others = Math.max(this.#others, seq);
  }

  /** `last`: the room's last message; `known`: all up to there is here; `me`: one's own id. */
  note(last: Message | undefined, known: number, me: string | undefined): void {
    if (last === undefined || last.seq <= this.#got || last.seq > known) return;
    const isOwed = last.sender.id !== me || this.#others > this.#got;
    this.#got = known;
    if (isOwed) this.#tell(known);
  }

  reset(): void {
    this.#got = 0;
    this.#others = 0;
  }
}
