import type { Member, Room, UserSummary } from '../../../../shared/wire/rest.ts';

/** Everybody of a room who is known, by id: its members once they are there, and the other side of a direct conversation. */
export function peopleOf(
  room: Room | undefined,
  members: readonly Member[],
): ReadonlyMap<string, UserSummary> {
  const users = members.map(({ user }) => user);
  if (room?.peer !== undefined) users.push(room.peer);
  return new Map(users.map((user) => [user.id, user]));
}
