import type { Client } from '../../../../shared/sdk/types.ts';
import { coalesce } from '../scroll/frame.ts';
import type { KnownRooms } from './known-rooms.svelte.ts';

/** ms from a change of the room list to its names being remembered. */
const NOTE_DELAY = 500;

/** Remembers the rooms' names for when the server cannot be asked; gives the stop. */
export function noteRooms(
  { auth, rooms, roomsLoaded }: Pick<Client, 'auth' | 'rooms' | 'roomsLoaded'>,
  known: Pick<KnownRooms, 'note'>,
): () => void {
  const turn = coalesce(
    () => {
      const state = auth.get();
      if (state.name === 'signed-in' && roomsLoaded.get()) known.note(state.me.id, rooms.get());
    },
    (callback) => {
      const timer = setTimeout(callback, NOTE_DELAY);
      return () => {
        clearTimeout(timer);
      };
    },
  );
  const unsubscribe = rooms.subscribe(() => {
    turn.request();
  });
  return () => {
    unsubscribe();
    turn.cancel();
  };
}
