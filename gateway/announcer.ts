import type { Logger } from '../shared/node/logger.ts';
import { Outage } from './outage.ts';
import type { Here, Leases } from './presence-leases.ts';

type Users = {
  readonly users: ReadonlyMap<string, { readonly isHidden: boolean; readonly isAway: boolean }>;
};

/** ms between renewals of the lease; who came or went is told with the next LIST_INTERVAL. */
const LEASE_INTERVAL = 5_000;
const LIST_INTERVAL = 1_000;

/** Tells the cluster who is connected here. */
export class Announcer {
  readonly #leases: Leases;
  readonly #now: () => number;
  readonly #announcing: Outage;
  readonly #releasing: Outage;
  #told: Here = { users: new Set(), away: new Set(), hidden: new Set() };
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
      const users = new Set<string>();
      const away = new Set<string>();
      const hidden = new Set<string>();
      for (const [id, { isHidden, isAway }] of here.users) {
        (isHidden ? hidden : users).add(id);
        if (isAway && !isHidden) away.add(id);
      }
      void this.announce({ users, away, hidden });
    };
    announce();
    this.#timer = setInterval(announce, LIST_INTERVAL).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#releasing.attempt(() => this.#leases.release());
  }

  /** Tells who is here if that changed or the lease is due. Never rejects. */
  async announce(here: Here): Promise<void> {
    const isSame = (['users', 'away', 'hidden'] as const).every((list) =>
      isSameSet(here[list], this.#told[list]),
    );
    if (this.#isTelling || (isSame && this.#now() < this.#due)) return;
    this.#isTelling = true;
    this.#due = this.#now() + LEASE_INTERVAL;
    const isTold = await this.#announcing.attempt(() => this.#leases.announce(here));
    if (isTold) this.#told = here;
    // Back as soon as Redis is: its users are missing for everybody until then.
    else this.#due = 0;
    this.#isTelling = false;
  }
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((user) => b.has(user));
}
