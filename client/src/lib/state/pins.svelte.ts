import type { RoomHandle } from '../../../../shared/sdk/types.ts';
import type { Message } from '../../../../shared/wire/rest.ts';

const NONE: readonly Message[] = [];

/** A conversation's pinned messages, the latest pin first. Owned by the conversation. */
export class Pins {
  readonly #handle: Pick<RoomHandle, 'pins'>;
  #list: readonly Message[] = $state.raw(NONE);
  #turn = 0;

  constructor(handle: Pick<RoomHandle, 'pins'>) {
    this.#handle = handle;
  }

  get list(): readonly Message[] {
    return this.#list;
  }

  /** Reads them anew; never rejects. The answer to an older question never replaces a newer one's. */
  async load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const found = await this.#handle.pins();
      if (turn === this.#turn) this.#list = found;
    } catch {
      // The list stays as it was: the next pin, or the next connection, asks anew.
    }
  }
}
