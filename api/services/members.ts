import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { Member, Role, Room } from '../../shared/wire/rest.ts';
import { requireRight } from '../rights/require.ts';
import type { MemberStore } from '../store/members.ts';
import type { RoomStore, StoredRoom } from '../store/rooms.ts';
import type { Arrivals } from './arrivals.ts';
import type { Blocks } from './blocks.ts';
import { MAX_ROOMS } from './create-room.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Directory } from './directory.ts';
import type { Notices } from './notices.ts';
import type { LogPort } from './ports.ts';
import type { RoomChanges } from './room-changes.ts';
import type { Rooms } from './rooms.ts';
import type { Signals } from './signals.ts';
import type { Users } from './users.ts';

export interface MemberDeps {
  readonly rooms: Rooms;
  readonly roomStore: RoomStore;
  readonly members: MemberStore;
  readonly changes: RoomChanges;
  readonly arrivals: Arrivals;
  readonly signals: Signals;
  readonly notices: Notices;
  readonly directory: Directory;
  readonly users: Users;
  readonly blocks: Pick<Blocks, 'requireWelcome'>;
  readonly log: LogPort;
}
interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Who is in a room, and as what. The membership is stored first, then the room's v and count, then all are told. */
export class Members {
  readonly #deps: MemberDeps;

  constructor(deps: MemberDeps) {
    this.#deps = deps;
  }

  /** In order of joining. Throws `not_found` for who is not in. */
  async list(user: string, room: string, page: Page): Promise<{ members: Member[]; next?: string }> {
    await this.#deps.rooms.standing(user, room);
    return this.#page(room, page);
  }

  /** A public channel; who is in already simply gets the room. */
  async join(user: string, id: string): Promise<Room> {
    const room = await this.#deps.roomStore.byId(id);
    if (room === undefined) throw notFound('room');
    const isIn = (await this.#deps.members.get(id, user)) !== undefined;
    if (isIn) return this.#deps.rooms.get(user, id);
    if (!room.public) throw notFound('room');
    await this.#requireSpace(user);
    if ((await this.#insert(id, [user])).length > 0) await this.#deps.notices.joined(id, user);
    return this.#deps.rooms.get(user, id);
  }

  /** By an invite link of `inviter`. False for who was in already. */
  async enter(user: string, id: string, inviter: string): Promise<boolean> {
    await this.#requireSpace(user);
    if ((await this.#insert(id, [user])).length === 0) return false;
    await this.#deps.notices.joinedByInvite(id, user, inviter);
    return true;
  }

  /** An owner hands over first. */
  async leave(user: string, id: string): Promise<void> {
    const { room, member } = await this.#deps.rooms.standing(user, id);
    // A handing over that was cut short leaves two owners: either may go.
    if (member.role !== 'owner' || (await this.#deps.members.otherOwners(id, user)) === 0)
      requireRight('room.leave', room, member.role);
    await this.#delete(room, user);
    await this.#deps.notices.left(id, user);
  }

  /** Those named by id or username, where they are not in yet. */
  async add(
    user: string,
    id: string,
    refs: readonly string[],
    page: Page,
  ): Promise<{ members: Member[]; next?: string }> {
    const { room, member } = await this.#deps.rooms.standing(user, id);
    requireRight('member.add', room, member.role);
    const users = (await this.#deps.users.resolve(refs)).map((found) => found.id);
    await this.#deps.blocks.requireWelcome(user, users);
    const added = await this.#insert(id, users);
    if (added.length > 0) await this.#deps.notices.added(id, user, added);
    return this.#page(id, page);
  }

  /** By the owner. Making another one owner makes the old one an admin. */
  async setRole(user: string, id: string, ref: string, role: Role): Promise<Member> {
    const { room, member } = await this.#deps.rooms.standing(user, id);
    requireRight(role === 'owner' ? 'room.handOver' : 'member.role', room, member.role);
    const target = (await this.#deps.users.get(ref)).id;
    if (target === user) throw new ParleyError('conflict', 'Make somebody else the owner instead.');
    if (!(await this.#deps.members.setRole(id, target, role))) throw notFound('member');
    // The new owner stands before the old one steps back: a death in between leaves two, never none.
    if (role === 'owner') await this.#deps.members.setRole(id, user, 'admin');
    await this.#rolesChanged(
      id,
      role === 'owner'
        ? [
            [target, role],
            [user, 'admin'],
          ]
        : [[target, role]],
    );
    await this.#deps.notices.role(id, user, target, role);
    return this.#one(id, target);
  }

  /** Admins remove members, the owner removes anybody; removing oneself is leaving. */
  async remove(user: string, id: string, ref: string): Promise<void> {
    const { room, member } = await this.#deps.rooms.standing(user, id);
    const target = (await this.#deps.users.get(ref)).id;
    if (target === user) return this.leave(user, id);
    requireRight('member.remove', room, member.role);
    const other = await this.#deps.members.get(id, target);
    if (other === undefined) throw notFound('member');
    if (other.role !== 'member') requireRight('member.removeAdmin', room, member.role);
    await this.#delete(room, target);
    await this.#deps.notices.removed(id, user, target);
  }

  async #requireSpace(user: string): Promise<void> {
    if ((await this.#deps.members.countOfUser(user)) >= MAX_ROOMS)
      throw new ParleyError('conflict', 'You are in too many rooms.');
  }

  /** Stores new memberships and tells; gives who was not in before. */
  async #insert(room: string, users: readonly string[]): Promise<string[]> {
    const { members, log, changes, arrivals } = this.#deps;
    const head = await log.head(room);
    const added = await members.insert(users.map((user) => ({ room, user, role: 'member', head })));
    if (added.length === 0) return [];
    try {
      await arrivals.announce(await changes.membersChanged(room), added);
    } catch (error) {
      // The room was deleted meanwhile: its members' rows may have been removed before these came.
      if (error instanceof ParleyError && error.code === 'not_found') {
        for (const user of added) await members.delete(room, user);
      }
      throw error;
    }
    return added;
  }

  async #delete(room: StoredRoom, user: string): Promise<void> {
    const { members, changes, arrivals } = this.#deps;
    if (!(await members.delete(room.id, user))) throw notFound('member');
    // At once, should the next step fail: who is removed is out.
    await arrivals.forget(room.id, [user]);
    await arrivals.announceRemoval(await changes.membersChanged(room.id), [user]);
  }

  async #rolesChanged(id: string, roles: readonly (readonly [user: string, role: Role])[]): Promise<void> {
    const { arrivals, changes, signals } = this.#deps;
    await arrivals.forget(
      id,
      roles.map(([user]) => user),
    );
    const room = await changes.membersChanged(id);
    await arrivals.forget(
      id,
      roles.map(([user]) => user),
    );
    for (const [user, role] of roles) await signals.prefs(user, id, { role });
    await signals.roomChanged(room);
  }

  async #one(room: string, user: string): Promise<Member> {
    const member = await this.#deps.members.get(room, user);
    if (member === undefined) throw notFound('member');
    const summary = (await this.#deps.directory.names([user])).get(user);
    if (summary === undefined) throw notFound('member');
    return { user: summary, role: member.role, readSeq: member.readSeq, gotSeq: member.gotSeq };
  }

  async #page(room: string, { limit, cursor }: Page): Promise<{ members: Member[]; next?: string }> {
    const after = decodeCursor(cursor);
    if (after !== '' && !/^[0-9a-f]{24}$/.test(after))
      throw new ParleyError('invalid', 'cursor is not one of ours');
    const found = await this.#deps.members.ofRoom(room, after, limit + 1);
    const shown = found.slice(0, limit);
    const names = await this.#deps.directory.names(shown.map(({ user }) => user));
    const last = shown.at(-1);
    return {
      members: shown.flatMap(({ user, role, readSeq, gotSeq }) => {
        const summary = names.get(user);
        return summary === undefined ? [] : [{ user: summary, role, readSeq, gotSeq }];
      }),
      ...(found.length > limit && last !== undefined ? { next: encodeCursor(last.id) } : {}),
    };
  }
}
