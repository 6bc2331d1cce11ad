import { ParleyError } from '../../shared/node/errors.ts';
import type { UserSummary } from '../../shared/wire/rest.ts';
import type { BlockStore } from '../store/blocks.ts';
import type { RoomStore } from '../store/rooms.ts';
import type { Directory } from './directory.ts';
import type { MembershipCache } from './membership.ts';
import type { SelfNews } from './self-news.ts';
import type { Users } from './users.ts';

/** People one user may block. */
export const MAX_BLOCKED = 500;

/** Whom a user does not want to hear from. Those are told nothing of it: they are merely refused. */
export class Blocks {
  readonly #blocks: BlockStore;
  readonly #rooms: Pick<RoomStore, 'byDmKey'>;
  readonly #users: Users;
  readonly #directory: Directory;
  readonly #membership: Pick<MembershipCache, 'changed'>;
  readonly #news: SelfNews;

  constructor(deps: {
    readonly blocks: BlockStore;
    readonly roomStore: Pick<RoomStore, 'byDmKey'>;
    readonly users: Users;
    readonly directory: Directory;
    readonly membership: Pick<MembershipCache, 'changed'>;
    readonly news: SelfNews;
  }) {
    this.#blocks = deps.blocks;
    this.#rooms = deps.roomStore;
    this.#users = deps.users;
    this.#directory = deps.directory;
    this.#membership = deps.membership;
    this.#news = deps.news;
  }

  async list(user: string): Promise<UserSummary[]> {
    const ids = await this.#blocks.by(user, MAX_BLOCKED);
    const names = await this.#directory.names(ids);
    return ids.flatMap((id) => names.get(id) ?? []);
  }

  /** Throws `not_found`, and `conflict` for oneself and beyond the limit. */
  async block(user: string, ref: string): Promise<void> {
    const { id } = await this.#users.get(ref);
    if (id === user) throw new ParleyError('conflict', 'You cannot block yourself.');
    await this.#blocks.add(user, id);
    // Counted with the new one stored: two at once cannot pass the limit together.
    if ((await this.#blocks.by(user, MAX_BLOCKED + 1)).length > MAX_BLOCKED) {
      await this.#blocks.remove(user, id);
      throw new ParleyError('conflict', `You can block at most ${MAX_BLOCKED} people.`);
    }
    await this.#changed(user, id);
  }

  async unblock(user: string, ref: string): Promise<void> {
    const { id } = await this.#users.get(ref);
    await this.#blocks.remove(user, id);
    await this.#changed(user, id);
  }

  /** Throws `forbidden`, without a word about why, where one of `others` blocked the user. */
  async requireWelcome(user: string, others: readonly string[]): Promise<void> {
    if ((await this.#blocks.whoBlocked(user, others)).length > 0)
      throw new ParleyError('forbidden', 'You may not do that with this person.');
  }

  async #changed(user: string, other: string): Promise<void> {
    const dm = await this.#rooms.byDmKey([user, other].sort().join(':'));
    if (dm !== undefined) await this.#membership.changed(dm.id, []);
    await this.#news.blocksChanged(user, await this.#blocks.by(user, MAX_BLOCKED), other);
  }
}
