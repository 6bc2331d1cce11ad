import type { Client } from '../../../../shared/sdk/types.ts';
import { cameBack } from '../../../../shared/wire/prefs.ts';

/** Takes out of the archive for good what came back from it, so that a notice or reading it does not put it away again. Gives the stop. */
export function startTakingOut(client: Pick<Client, 'rooms' | 'roomsLoaded' | 'room'>): () => void {
  const asked = new Map<string, number>();
  return client.rooms.subscribe((rooms) => {
    if (!client.roomsLoaded.get()) return asked.clear();
    for (const room of rooms) {
      const { id, me } = room;
      const upTo = me.archivedSeq ?? 0;
      if (!cameBack(room) || asked.get(id) === upTo) continue;
      asked.set(id, upTo);
      client
        .room(id)
        .update({ me: { archived: false } })
        // With the next news of the list it is asked once more.
        .catch(() => asked.delete(id));
    }
  });
}
