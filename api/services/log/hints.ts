import type { Logger } from '../../../shared/node/logger.ts';
import type { LogEntry, LogStore, RoomHint } from '../../store/log.ts';
import type { Follower } from './follower.ts';
import type { Heads } from './heads.ts';
import { realTime, type Time } from './time.ts';

/** ms between two rounds of writing. */
const INTERVAL = 1_000;
/** Rooms per round; the others keep their place. */
const MAX_ROOMS = 500;
/** Numbers below the head searched for the newest message; without one there it is still the one of the hint before. */
const STRETCH = 1_000;

/**
 * Writes each active room's hint behind: lastSeq (nothing at or below it is undecided) with the newest message. Losing
 * some costs a later reader a few lookups, nothing else.
 */
export class HintWriter {
  readonly #store: LogStore;
  readonly #heads: Heads;
  readonly #follower: Follower;
  readonly #logger: Logger;
  /** Room → its newest entry seen here. */
  readonly #dirty = new Map<string, LogEntry>();
  readonly #time: Time;
  #cancel: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(deps: {
    readonly store: LogStore;
    readonly heads: Heads;
    readonly follower: Follower;
    readonly logger: Logger;
    readonly time?: Time;
  }) {
    this.#store = deps.store;
    this.#heads = deps.heads;
    this.#follower = deps.follower;
    this.#logger = deps.logger;
    this.#time = deps.time ?? realTime;
    this.#arm();
  }

  note(entry: LogEntry): void {
    if (entry.kind === 'void') return;
    const known = this.#dirty.get(entry.room);
    if (known === undefined || known.seq < entry.seq) this.#dirty.set(entry.room, entry);
  }

  forget(room: string): void {
    this.#dirty.delete(room);
  }

  /** Writes what is due; never rejects. */
  flush(): Promise<void> {
    this.#running ??= this.#write().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async close(): Promise<void> {
    this.#cancel();
    await this.flush();
  }

  #arm(): void {
    this.#cancel = this.#time.after(INTERVAL, () => {
      void this.flush();
      this.#arm();
    });
  }

  async #write(): Promise<void> {
    const rooms = [...this.#dirty].slice(0, MAX_ROOMS);
    for (const [room] of rooms) this.#dirty.delete(room);
    try {
      const hints = new Map<string, RoomHint>();
      for (const [room, last] of rooms) {
        const { decided, top } = await this.#heads.look(room);
        // Deleted in the meantime.
        if (top < last.seq) continue;
        // The newest message at or below the decided head: with `last` above it, the next round will say.
        if (decided >= last.seq) hints.set(room, await this.#hint(room, decided, last));
        else this.note(last);
      }
      await this.#store.raiseHints(hints);
    } catch (error) {
      for (const [, last] of rooms) this.note(last);
      this.#logger.warn({ err: error }, 'room hints could not be written yet');
    }
  }

  /** The room's newest message as it now stands: the last entry itself, unless that is a change or others stand above. */
  async #hint(room: string, decided: number, last: LogEntry): Promise<RoomHint> {
    if (decided === last.seq && last.kind !== 'change')
      return { firstSeq: 0, lastSeq: decided, lastMessage: last };
    await this.#follower.catchUp([room]);
    const from = Math.max(1, decided - STRETCH);
    const [newest] = await this.#store.messages(room, from, decided, -1, 1);
    const lastMessage = newest ?? (await this.#known(room));
    return { firstSeq: 0, lastSeq: decided, ...(lastMessage === undefined ? {} : { lastMessage }) };
  }

  /** The last message of the hint before, as it now stands: only changes may have come since. */
  async #known(room: string): Promise<LogEntry | undefined> {
    const known = (await this.#store.hints([room])).get(room)?.lastMessage;
    return known === undefined ? undefined : (await this.#store.at(room, [known.seq]))[0];
  }
}
