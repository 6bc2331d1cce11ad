import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { Me, UserList, UserSummary } from '../../shared/wire/rest.ts';
import type { MemberStore, StoredMember } from '../store/members.ts';
import { UserTaken, type User, type UserChanges, type UserStore } from '../store/users.ts';
import { toMe } from './auth.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { toSummary, type Directory } from './directory.ts';
import type { SelfNews } from './self-news.ts';
import type { Signals } from './signals.ts';

/** Rooms that hear of a changed name at once; the others show it when they are read again. */
const MAX_ROOMS_TOLD = 200;
const ID = /^[0-9a-f]{24}$/;

/** Profiles, and finding people. */
export class Users {
  readonly #users: UserStore;
  readonly #members: MemberStore;
  readonly #directory: Directory;
  readonly #signals: Signals;
  readonly #news: Pick<SelfNews, 'profileStored' | 'hidingChanged'>;

  constructor(deps: {
    readonly users: UserStore;
    readonly members: MemberStore;
    readonly directory: Directory;
    readonly signals: Signals;
    readonly news: Pick<SelfNews, 'profileStored' | 'hidingChanged'>;
  }) {
    this.#users = deps.users;
    this.#members = deps.members;
    this.#directory = deps.directory;
    this.#signals = deps.signals;
    this.#news = deps.news;
  }

  async me(id: string): Promise<Me> {
    const user = await this.#users.byId(id);
    if (user === undefined || user.deletedAt !== undefined)
      throw new ParleyError('unauthorized', 'This account is gone.');
    return toMe(user);
  }

  /** '' removes a field. Throws `conflict` for an address somebody has. */
  async update(id: string, changes: UserChanges): Promise<Me> {
    const isStatus = changes.status !== undefined || changes.statusEmoji !== undefined;
    // A new status is not over when the old one was to be.
    const user = await this.#write(id, { ...(isStatus ? { statusUntil: '' } : {}), ...changes });
    if (user === undefined) throw new ParleyError('unauthorized', 'This account is gone.');
    await this.#news.profileStored(id);
    await this.announce(user);
    if (changes.hidePresence !== undefined) await this.#news.hidingChanged(id);
    return toMe(user);
  }

  /** Tells everybody who may see it that the user's name or picture changed; `seats` are where they are, or just were. */
  async announce(user: User, seats?: readonly StoredMember[]): Promise<void> {
    await this.#directory.changed(user.id);
    const rooms = (seats ?? (await this.#members.ofUser(user.id))).toSorted((a, b) => (a.id < b.id ? 1 : -1));
    await this.#signals.userChanged(
      toSummary(user),
      rooms.slice(0, MAX_ROOMS_TOLD).map(({ room }) => room),
      user.v ?? 0,
    );
  }

  /** As they are now, in the order asked for; an id nobody has any more is a deleted user's. */
  async named(ids: readonly string[]): Promise<UserList> {
    const names = await this.#directory.names(ids);
    return { users: [...new Set(ids)].flatMap((id) => names.get(id) ?? []) };
  }

  /** By id or username. Throws `not_found`. */
  async get(ref: string): Promise<UserSummary> {
    const [user] = await this.resolve([ref]);
    if (user === undefined) throw notFound('user');
    return toSummary(user);
  }

  /** By prefix of username or display name; everybody, for ''. */
  async search(
    query: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<UserList> {
    const found = await this.#users.search(query, decodeCursor(page.cursor), page.limit + 1);
    const shown = found.slice(0, page.limit);
    const last = shown.at(-1);
    const next = found.length > page.limit && last !== undefined ? { next: encodeCursor(last.username) } : {};
    return { users: shown.map(toSummary), ...next };
  }

  /** Users named by id or username, each once, in the order of their first name. Throws `not_found` for one that does not exist (any more). */
  async resolve(refs: readonly string[]): Promise<User[]> {
    const named = [...new Set(refs)];
    const ids = named.filter((ref) => ID.test(ref));
    const usernames = named.filter((ref) => !ID.test(ref));
    const [byId, byName] = await Promise.all([
      ids.length === 0 ? [] : this.#users.byIds(ids),
      usernames.length === 0 ? [] : this.#users.byUsernames(usernames),
    ]);
    const known = new Map<string, User>();
    for (const user of byId) known.set(user.id, user);
    for (const user of byName) known.set(user.username, user);
    const found = named.map((ref) => {
      const user = known.get(ref);
      if (user === undefined || user.deletedAt !== undefined) throw notFound('user');
      return user;
    });
    return [...new Map(found.map((user) => [user.id, user])).values()];
  }

  async #write(id: string, changes: UserChanges): Promise<User | undefined> {
    try {
      return await this.#users.update(id, changes);
    } catch (error) {
      if (!(error instanceof UserTaken)) throw error;
      throw new ParleyError('conflict', 'This e-mail address cannot be used.', {
        fields: [{ field: 'email', message: 'cannot be used' }],
      });
    }
  }
}
