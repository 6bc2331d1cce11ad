import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../../../shared/sdk/types.ts';

/** People remembered; all are forgotten when it is full. */
const MAX_KNOWN = 200;

/** When people who were gone before they were watched were here last: a gateway does not know, the server is asked once. */
export class LastSeen {
  readonly #own: Client['own'];
  /** Undefined while it is asked for, and where nobody may know. */
  readonly #known = new SvelteMap<string, string | undefined>();

  constructor(own: Client['own']) {
    this.#own = own;
  }

  of(user: string): string | undefined {
    return this.#known.get(user);
  }

  want(user: string): void {
    if (this.#known.has(user)) return;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(user, undefined);
    this.#own.presence([user]).then(
      ({ presence }) => {
        this.#known.set(user, presence[0]?.lastSeen);
      },
      // Nothing is shown then; it is asked again when it is wanted again.
      () => this.#known.delete(user),
    );
  }

  forget(user: string): void {
    this.#known.delete(user);
  }

  clear(): void {
    this.#known.clear();
  }
}
