import type { Bus } from '../shared/node/bus.ts';
import { encodeEnvelope, Kind } from '../shared/node/envelope.ts';
import { roomChannel } from '../shared/node/keys.ts';
import type { Logger } from '../shared/node/logger.ts';
import { encodeFrame } from '../shared/wire/protocol.ts';
import type { LoadMeter } from './load.ts';

/** ms between two `typing` of one socket in one room. */
const INTERVAL = 2_000;
/** ms between two log lines about the same failure. */
const WARN_INTERVAL = 10_000;

/** Passes `typing` to everyone in the room, straight over the bus: it is not kept, and lost when Redis is away. */
export class Typing {
  readonly #bus: Bus;
  readonly #load: Pick<LoadMeter, 'shed'>;
  readonly #logger: Logger;
  readonly #now: () => number;
  #warnedAt = -Infinity;

  constructor(bus: Bus, load: Pick<LoadMeter, 'shed'>, logger: Logger, now: () => number) {
    this.#bus = bus;
    this.#load = load;
    this.#logger = logger;
    this.#now = now;
  }

  /** `last` is the socket's own memory of when it typed where; it holds the rooms of the last 2 s only. */
  publish(last: Map<string, number>, user: string, room: string): void {
    const now = this.#now();
    if (now - (last.get(room) ?? -Infinity) < INTERVAL || this.#load.shed()) return;
    for (const [other, at] of last) if (now - at >= INTERVAL) last.delete(other);
    last.set(room, now);
    const frame = encodeFrame({ type: 'typing', room, user });
    this.#bus
      .publish(roomChannel(room), encodeEnvelope(Kind.typing, room, 0, frame))
      .catch((error: unknown) => {
        if (now - this.#warnedAt < WARN_INTERVAL) return;
        this.#warnedAt = now;
        this.#logger.warn({ err: error }, 'typing could not be published');
      });
  }
}
