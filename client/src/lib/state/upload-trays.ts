import type { Client, RoomHandle } from '../../../../shared/sdk/types.ts';
import { ServerLimits } from './server-limits.ts';
import { UploadTray } from './upload-tray.svelte.ts';

/** The trays of all rooms: leaving a room leaves its files as they are. Owned by the app. */
export class UploadTrays {
  readonly #trays = new Map<string, UploadTray>();
  readonly #limits: ServerLimits;

  constructor(client: Pick<Client, 'config'>) {
    this.#limits = new ServerLimits(client);
  }

  /** `place`: the room, or a thread in it. Empty ones of other rooms are let go. */
  of(handle: RoomHandle, place = handle.id): UploadTray {
    void this.#limits.ask();
    for (const [id, tray] of this.#trays)
      if (tray.isEmpty && !id.startsWith(handle.id)) this.#trays.delete(id);
    const tray = this.#trays.get(place) ?? new UploadTray(handle, this.#limits);
    this.#trays.set(place, tray);
    return tray;
  }

  clear(): void {
    for (const tray of this.#trays.values()) tray.clear();
    this.#trays.clear();
  }
}
