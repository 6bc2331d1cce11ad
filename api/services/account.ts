import type { BlockStore } from '../store/blocks.ts';
import type { MemberStore, StoredMember } from '../store/members.ts';
import type { RoomStore } from '../store/rooms.ts';
import type { UserStore } from '../store/users.ts';
import type { Arrivals } from './arrivals.ts';
import type { Auth } from './auth.ts';
import type { DeleteRoom } from './delete-room.ts';
import type { Notices } from './notices.ts';
import type { RoomChanges } from './room-changes.ts';
import type { Sessions } from './sessions.ts';
import type { Users } from './users.ts';

export interface AccountDeps {
  readonly auth: Auth;
  readonly users: Users;
  readonly userStore: UserStore;
  readonly sessions: Sessions;
  readonly members: MemberStore;
  readonly roomStore: RoomStore;
  readonly changes: RoomChanges;
  readonly arrivals: Arrivals;
  readonly notices: Notices;
  readonly deleteRoom: DeleteRoom;
  /** What people wrote and did not send, and their files. */
  readonly written: readonly { deleteUser(user: string): Promise<void> }[];
  readonly blockStore: Pick<BlockStore, 'deleteUser'>;
}

/** The end of an account: rooms handed over, memberships gone, the person's data erased, their messages kept. */
export class Account {
  readonly #deps: AccountDeps;

  constructor(deps: AccountDeps) {
    this.#deps = deps;
  }

  /** Each step can be repeated: after a death in between, the user still signs in and deletes again. Throws `forbidden`. */
  async delete(user: string, password: string): Promise<void> {
    const { auth, users, userStore, members, sessions } = this.#deps;
    await auth.checkPassword(user, password);
    const seats = await members.ofUser(user);
    for (const member of seats) await this.#withdraw(member);
    for (const store of this.#deps.written) await store.deleteUser(user);
    await this.#deps.blockStore.deleteUser(user);
    await userStore.erase(user);
    await sessions.endAll(user);
    const erased = await userStore.byId(user);
    if (erased !== undefined) await users.announce(erased, seats);
  }

  async #withdraw(member: StoredMember): Promise<void> {
    const { roomStore, members, changes, arrivals, notices, deleteRoom } = this.#deps;
    const { room: id, user } = member;
    const room = await roomStore.byId(id);
    if (room === undefined) {
      await members.delete(id, user);
      return;
    }
    if ((await members.count(id)) <= 1) return deleteRoom.finish(id);
    const heir = member.role === 'owner' ? await this.#handOver(id, user) : undefined;
    await members.delete(id, user);
    await arrivals.forget(id, heir === undefined ? [user] : [user, heir]);
    await arrivals.announceRemoval(await changes.membersChanged(id), [user]);
    if (room.type !== 'dm') await notices.left(id, user);
  }

  /** The new owner, who stands before the old one goes. */
  async #handOver(room: string, user: string): Promise<string | undefined> {
    const { members } = this.#deps;
    if ((await members.otherOwners(room, user)) > 0) return undefined;
    const heir = await members.heir(room, user);
    if (heir === undefined) return undefined;
    await members.setRole(room, heir.user, 'owner');
    return heir.user;
  }
}
