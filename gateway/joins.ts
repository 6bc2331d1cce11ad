import type { Logger } from '../shared/node/logger.ts';
import type { HeadReader } from './heads.ts';
import { controlFrame } from './out-frame.ts';
import type { Resume } from './resume.ts';
import type { Room } from './room.ts';
import type { User } from './user.ts';

/** Brings users who are here already into rooms that are new to them: by signal, or because a list told what a signal did not. */
export class Joins {
  readonly #heads: HeadReader;
  readonly #resume: Resume;
  readonly #logger: Logger;

  constructor(options: { heads: HeadReader; resume: Resume; logger: Logger }) {
    this.#heads = options.heads;
    this.#resume = options.resume;
    this.#logger = options.logger;
  }

  /** `have`: from where on the user gets everything; undefined: only a number is told, and the client asks for the room. */
  enter(user: User, room: Room, have: number | undefined, answered: Promise<void>): void {
    this.#follow(user, room, have, answered).catch((error: unknown) => {
      this.#logger.warn({ err: error, room: room.id }, 'the head of a joined room could not be read');
    });
  }

  async #follow(user: User, room: Room, have: number | undefined, answered: Promise<void>): Promise<void> {
    await answered.catch(() => undefined); // without Redis, MongoDB tells the head
    const heads = await this.#heads.read([{ room, have: have ?? 0 }]);
    if (!user.rooms.has(room.id)) return;
    const head = heads.get(room.id) ?? 0;
    for (const reader of user.devices) {
      if (have !== undefined) {
        for (const frame of this.#resume.replay(reader, room, have)) reader.push(frame);
      }
      // To one who is not ready yet, `ready` tells it.
      else if (reader.isReady) reader.push(controlFrame({ type: 'beat', rooms: { [room.id]: head } }));
    }
  }
}
