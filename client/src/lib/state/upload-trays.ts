import type { RoomHandle } from '../../../../shared/sdk/types.ts';
import { UploadTray } from './upload-tray.svelte.ts';

/** The trays of all rooms: leaving a room leaves its files as they are. Owned by the app. */
export class UploadTrays {
  readonly #trays = new Map<string, UploadTray>();

  /** `place`: the room, or a thread in it. Empty ones of other rooms are let go. */
  of(handle: RoomHandle, place = handle.id): UploadTray {
    for (const [id, tray] of this.#trays)
      if (tray.isEmpty && !id.startsWith(handle.id)) this.#trays.delete(id);
    const tray = this.#trays.get(place) ?? new UploadTray(handle);
    this.#trays.set(place, tray);
    return tray;
  }

  clear(): void {
    for (const tray of this.#trays.values()) tray.clear();
    this.#trays.clear();
  }
}
