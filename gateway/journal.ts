import { Journal } from '../shared/node/journal.ts';
import type { Logger } from '../shared/node/logger.ts';
import type { Room } from './room.ts';

/** What this gateway did with which numbers, summed up by room and second in its log. */
export class GatewayJournal {
  readonly #journal: Journal;

  constructor(logger: Logger) {
    this.#journal = new Journal(logger);
  }

  /** A number went to the room's local members: as it came from the bus, or fetched because it had not come. */
  forwarded(room: Room, seq: number, how: 'live' | 'repaired'): void {
    const note = this.#journal.note(room.id, how, seq);
    // Once a second, as it takes a walk over all members.
    if (note !== undefined) note.sockets ??= socketsOf(room);
  }

  /** One socket got these numbers when it came back, or was told of the gap. Nothing where `to` is below `from`. */
  resumed(room: string, how: 'replayed' | 'gap', from: number, to: number): void {
    if (to < from) return;
    const note = this.#journal.note(room, how, from, to);
    if (note !== undefined) note.sockets = (note.sockets ?? 0) + 1;
  }

  /** Logs what is left. */
  close(): void {
    this.#journal.flush();
  }
}

function socketsOf(room: Room): number {
  let sockets = 0;
  for (const user of room.members) sockets += user.devices.size;
  return sockets;
}
