import type { Logger } from '../shared/node/logger.ts';
import { Outage } from './outage.ts';
import type { Leases } from './presence-leases.ts';

type Users = { readonly users: ReadonlyMap<string, { readonly isHidden: boolean }> };

/** ms between renewals of the lease; who came or went is told with the next LIST_INTERVAL. */
const LEASE_INTERVAL = 5_000;
const LIST_INTERVAL = 1_000;

/** Tells the cluster who is connected here. */
export class Announcer {
  readonly #leases: Leases;
  readonly #now: () => number;
  readonly #announcing: Outage;
  readonly #releasing: Outage;
  #told: ReadonlySet<string> = new Set();
  #due = 0;
  #isTelling = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(leases: Leases, logger: Logger, now: () => number) {
    this.#leases = leases;
    this.#now = now;
    this.#announcing = new Outage(logger, 'announcing presence');
    this.#releasing = new Outage(logger, 'ending the presence lease');
  }

  start(here: Users): void {
    const announce = (): void => {
      const shown = new Set<string>();
      for (const [id, { isHidden }] of here.users) if (!isHidden) shown.add(id);
      void this.announce(shown);
    };
    announce();
    this.#timer = setInterval(announce, LIST_INTERVAL).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#releasing.attempt(() => this.#leases.release());
  }

  /** Tells who is here if that changed or the lease is due. Never rejects. */
  async announce(users: ReadonlySet<string>): Promise<void> {
    const isSame = users.size === this.#told.size && [...users].every((user) => this.#told.has(user));
    if (this.#isTelling || (isSame && this.#now() < this.#due)) return;
    this.#isTelling = true;
    this.#due = this.#now() + LEASE_INTERVAL;
    const isTold = await this.#announcing.attempt(() => this.#leases.announce(users));
    if (isTold) this.#told = users;
    // Back as soon as Redis is: its users are missing for everybody until then.
    else this.#due = 0;
    this.#isTelling = false;
  }
}
