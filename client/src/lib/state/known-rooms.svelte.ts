import type { Room } from '../../../../shared/wire/rest.ts';
import { knownAfter, NONE_KNOWN, parseKnown, type Known, type KnownRoom } from '../chat/known-rooms.ts';
import { readLocal, writeLocal } from '../platform/local.ts';

const KEY = 'parley.known-rooms';

/** The names of one person's rooms, in the list's order. Survives a reload. */
export class KnownRooms {
  #known: Known = $state.raw(parseKnown(readLocal(KEY)));

  /** Those of the list as it was last. */
  listed(user: string): readonly KnownRoom[] {
    return this.#of(user).filter((room) => room.listed);
  }

  titleOf(user: string, room: string): string | undefined {
    return this.#of(user).find(({ id }) => id === room)?.title;
  }

  note(user: string, rooms: readonly Room[]): void {
    const next = { user, rooms: knownAfter(this.#of(user), rooms, user) };
    const text = JSON.stringify(next);
    if (text === JSON.stringify(this.#known)) return;
    this.#known = next;
    writeLocal(KEY, text);
  }

  clear(): void {
    this.#known = NONE_KNOWN;
    writeLocal(KEY, undefined);
  }

  #of(user: string): readonly KnownRoom[] {
    return this.#known.user === user ? this.#known.rooms : [];
  }
}
