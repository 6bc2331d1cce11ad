import type { Client } from '../../../../shared/sdk/types.ts';

/** What the server takes, asked for once. While it is not known, nothing is refused here: the server does. */
export class ServerLimits {
  readonly #client: Pick<Client, 'config'>;
  #maxBytes = Infinity;
  #asked: Promise<void> | undefined;

  constructor(client: Pick<Client, 'config'>) {
    this.#client = client;
  }

  /** Bytes of one file. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Never rejects; what failed is asked again the next time. */
  ask(): Promise<void> {
    this.#asked ??= this.#client.config().then(
      ({ files }) => {
        this.#maxBytes = files.maxBytes;
      },
      () => {
        this.#asked = undefined;
      },
    );
    return this.#asked;
  }
}
