import type { Room } from '../../../../shared/wire/rest.ts';

/** What it means to leave; `may` is false where it is refused. */
export interface Leaving {
  readonly may: boolean;
  readonly text: string;
}

/** An owner goes only when somebody else owns the room, and the last one by deleting it. */
export function leavingOf(room: Room): Leaving {
  if (room.me.role === 'owner') {
    const text =
      room.members > 1
        ? `You own this ${room.type}. Make someone else its owner first, or delete it.`
        : `Nobody else is in this ${room.type}. Delete it instead.`;
    return { may: false, text };
  }
  const comesBack = room.type === 'channel' && room.public;
  return {
    may: true,
    text: comesBack
      ? 'You can join again at any time.'
      : 'You lose its messages, and need somebody to add you again.',
  };
}

/** Whether what was typed is the room's name, which must be typed before all of it goes. */
export function isNameTyped(room: Pick<Room, 'name'>, typed: string): boolean {
  const wanted = (room.name ?? '').trim();
  return wanted !== '' && typed.trim().replace(/^#/u, '') === wanted.replace(/^#/u, '');
}
