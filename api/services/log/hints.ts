import type { Logger } from '../../../shared/node/logger.ts';
import { isMessage, type LogEntry, type LogStore, type RoomHint } from '../../store/log.ts';
import type { Heads } from './heads.ts';

/** ms between two rounds of writing. */
const INTERVAL = 1_000;
/** Rooms per round; the others keep their place. */
const MAX_ROOMS = 500;

/**
 * Writes each active room's hint behind: lastSeq (nothing at or below it is undecided) with the newest message. Losing
 * some costs a later reader a few lookups, nothing else.
 */
export class HintWriter {
  readonly #store: LogStore;
  readonly #heads: Heads;
  readonly #logger: Logger;
  /** Room → its newest message seen here. */
  readonly #dirty = new Map<string, LogEntry>();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(deps: { readonly store: LogStore; readonly heads: Heads; readonly logger: Logger }) {
    this.#store = deps.store;
    this.#heads = deps.heads;
    this.#logger = deps.logger;
    this.#timer = setInterval(() => void this.flush(), INTERVAL);
    this.#timer.unref();
  }

  note(entry: LogEntry): void {
    if (!isMessage(entry)) return;
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
    clearInterval(this.#timer);
    await this.flush();
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

  /** Other nodes' messages may stand between ours and the head. */
  async #hint(room: string, decided: number, last: LogEntry): Promise<RoomHint> {
    if (decided === last.seq) return { firstSeq: 0, lastSeq: decided, lastMessage: last };
    const [newest] = await this.#store.messages(room, last.seq, decided, -1, 1);
    return { firstSeq: 0, lastSeq: decided, lastMessage: newest ?? last };
  }
}
