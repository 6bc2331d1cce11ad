import { each } from '../../shared/node/each.ts';
import type { Rest } from '../rest.ts';
import type { Store } from './store.ts';
import { renew } from './users.ts';

const INTERVAL = 20_000;
/** ms a token still holds when it is renewed. */
const MARGIN = 4 * 60_000;
const AT_ONCE = 4;

/** Renews the access tokens of a long run before they end, and at once where one was refused. */
export class TokenKeeper {
  readonly #rest: Rest;
  readonly #store: Store;
  readonly #count: number;
  readonly #tell: (tokens: ReadonlyMap<number, string>) => void;
  readonly #warn: (message: string) => void;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  /** `tell` is given the fresh tokens by user; `count` users are looked after. */
  constructor(
    rest: Rest,
    store: Store,
    count: number,
    tell: (tokens: ReadonlyMap<number, string>) => void,
    warn: (message: string) => void,
  ) {
    this.#rest = rest;
    this.#store = store;
    this.#count = count;
    this.#tell = tell;
    this.#warn = warn;
    this.#timer = setInterval(() => this.#look(), INTERVAL);
  }

  /** The server called this user's token expired. */
  expired(user: number): void {
    const account = this.#store.saved.users[user];
    if (account === undefined || account.expiresAt === 0) return;
    // Clocks may differ: what the server says counts.
    account.expiresAt = 0;
    this.#look();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #look(): void {
    this.#running ??= this.#renewAll()
      .catch((error: unknown) => this.#warn(`tokens could not be renewed: ${String(error)}`))
      .finally(() => (this.#running = undefined));
  }

  async #renewAll(): Promise<void> {
    const { users, password } = this.#store.saved;
    const fresh = new Map<number, string>();
    await each(users.slice(0, this.#count), AT_ONCE, async (account, user) => {
      if (await renew(this.#rest, account, password, MARGIN)) fresh.set(user, account.accessToken);
    });
    if (fresh.size === 0) return;
    this.#tell(fresh);
    await this.#store.save();
  }
}
