import type { Logger } from '../shared/node/logger.ts';
import type { Room } from './room.ts';
import type { Uplink } from './uplink.ts';

/** Slices fetched for one room in a row, of up to 500 numbers each. */
const MAX_ROUNDS = 20;

export interface RepairOptions {
  readonly uplink: Pick<Uplink, 'log'>;
  /** Forwards a number like a live frame; false if it was known. */
  readonly deliver: (room: Room, seq: number, text: Buffer) => boolean;
  readonly logger: Logger;
  readonly onRepaired?: (numbers: number) => void;
}

/**
 * Fetches what rooms lack above their position and forwards it. A room is asked for once at a time, however often it is
 * found behind: a number that the API cannot decide costs one call that waits, not a loop of them.
 */
export class Repairs {
  readonly #options: RepairOptions;
  readonly #running = new Set<Room>();

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  /** All at once, since the uplink gathers them into one call. Resolves when all have ended; never rejects. */
  async repair(rooms: readonly Room[]): Promise<void> {
    const wanted = rooms.filter((room) => !this.#running.has(room));
    for (const room of wanted) this.#running.add(room);
    const results = await Promise.allSettled(wanted.map((room) => this.#repair(room)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      this.#options.logger.warn({ err: failed.reason as unknown, rooms: wanted.length }, 'repairs failed');
    }
  }

  async #repair(room: Room): Promise<void> {
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) if (!(await this.#slice(room))) return;
    } finally {
      this.#running.delete(room);
    }
  }

  /** One slice; true if there is more at once. */
  async #slice(room: Room): Promise<boolean> {
    const after = room.position ?? 0;
    const slice = await this.#options.uplink.log({ room: room.id, after });
    if (slice === undefined) return false;
    let repaired = 0;
    for (const [seq, text] of slice.entries) {
      if (seq > after && this.#options.deliver(room, seq, Buffer.from(text))) repaired++;
    }
    if (repaired > 0) {
      this.#options.onRepaired?.(repaired);
      this.#options.logger.info({ room: room.id, repaired }, 'lost frames were fetched and forwarded');
    }
    return slice.to > after && slice.to < slice.head && room.members.size > 0;
  }
}
