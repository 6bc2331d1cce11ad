import type { UserSummary } from '../../shared/wire/rest.ts';
import type { User, UserStore } from '../store/users.ts';
import { CoherentCache, type CacheReads } from './coherent-cache.ts';
import type { Invalidations } from './invalidations.ts';

const MAX_USERS = 50_000;

/** Names and pictures by user id, from a bounded cache. Deleted users have the name "Deleted user". */
export class Directory {
  readonly #users: UserStore;
  readonly #invalidations: Invalidations;
  readonly #summaries = new CoherentCache<UserSummary>({ max: MAX_USERS });
  /** By username. That somebody has a name stays true; that nobody has it is not kept. */
  readonly #ids = new CoherentCache<{ readonly id: string }>({ max: MAX_USERS });

  constructor(deps: { readonly users: UserStore; readonly invalidations: Invalidations }) {
    this.#users = deps.users;
    this.#invalidations = deps.invalidations;
    this.#invalidations.on('user', {
      stale: (key) => this.#summaries.invalidate(key),
      all: () => {
        this.#summaries.clear();
        this.#ids.clear();
      },
    });
  }

  get reads(): Readonly<CacheReads> {
    return this.#summaries.reads;
  }

  /** Complete: an id nobody has is shown as a deleted user. */
  async names(ids: readonly string[]): Promise<ReadonlyMap<string, UserSummary>> {
    const found = await this.#summaries.getMany(ids, (missing) => this.#load(missing));
    for (const id of ids) if (!found.has(id)) found.set(id, deletedUser(id));
    return found;
  }

  /** Who bears these usernames; names nobody bears are missing. */
  async idsOf(usernames: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (usernames.length === 0) return new Map();
    const found = await this.#ids.getMany(
      usernames,
      async (missing) =>
        new Map((await this.#users.byUsernames(missing)).map(({ id, username }) => [username, { id }])),
    );
    return new Map([...found].map(([username, { id }]) => [username, id]));
  }

  async changed(user: string): Promise<void> {
    await this.#invalidations.send([['user', user]]);
  }

  async #load(ids: readonly string[]): Promise<ReadonlyMap<string, UserSummary>> {
    return new Map((await this.#users.byIds(ids)).map((user) => [user.id, toSummary(user)]));
  }
}

/** What everybody may see of a user. */
export function toSummary(user: User): UserSummary {
  if (user.deletedAt !== undefined) return deletedUser(user.id);
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    ...(user.avatar === undefined ? {} : { avatar: user.avatar }),
    ...statusOf(user),
  };
}

/** What is left of a status whose time is over: nothing. */
function statusOf({ status, statusEmoji, statusUntil }: User): Partial<UserSummary> {
  if (statusUntil !== undefined && statusUntil.getTime() <= Date.now()) return {};
  return {
    ...(status === undefined ? {} : { status }),
    ...(statusEmoji === undefined ? {} : { statusEmoji }),
    ...(statusUntil === undefined ? {} : { statusUntil: statusUntil.toISOString() }),
  };
}

/** A name that cannot be registered. */
export const DELETED_USERNAME = 'deleted';
const deletedUser = (id: string): UserSummary => ({
  id,
  username: DELETED_USERNAME,
  displayName: 'Deleted user',
});
