import type { PrefsFrame } from '../../shared/wire/protocol.ts';
import type { UserStore } from '../store/users.ts';
import type { RoomLists } from './room-lists.ts';
import type { Signals } from './signals.ts';

/**
 * What a user changed for themselves alone, told to their other devices. Each change raises the user's own version, which
 * `ready` names: a device that was away sees by it that it missed one.
 */
export class SelfNews {
  readonly #users: Pick<UserStore, 'raiseVersion'>;
  readonly #lists: Pick<RoomLists, 'invalidate'>;
  readonly #signals: Signals;

  constructor(deps: {
    readonly userStore: Pick<UserStore, 'raiseVersion'>;
    readonly lists: Pick<RoomLists, 'invalidate'>;
    readonly signals: Signals;
  }) {
    this.#users = deps.userStore;
    this.#lists = deps.lists;
    this.#signals = deps.signals;
  }

  /** What a room is to the user. */
  async roomChanged(user: string, room: string, me: PrefsFrame['me']): Promise<void> {
    const self = await this.#raise(user);
    await this.#signals.prefs(user, room, me, self);
  }

  /** The user blocked or unblocked `other`, from whom they are hidden or shown now. */
  async blocksChanged(user: string, blocked: readonly string[], other: string): Promise<void> {
    const self = await this.#raise(user);
    await this.#lists.invalidate([other]);
    await this.#signals.blocks(user, blocked, self);
    await this.#signals.lookAgain(other);
  }

  /** What the user is to themselves was stored under a version raised with it: who comes back now must see that. */
  async profileStored(user: string): Promise<void> {
    await this.#lists.invalidate([user]);
  }

  /** The user is hidden, or not any more; after `profileStored`. */
  async hidingChanged(user: string): Promise<void> {
    await this.#signals.lookAgain(user);
  }

  async #raise(user: string): Promise<number> {
    const version = await this.#users.raiseVersion(user);
    // Before anybody is told: who comes back now must read the new state.
    await this.#lists.invalidate([user]);
    return version;
  }
}
