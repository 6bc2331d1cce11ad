import type { Logger } from '../../../shared/node/logger.ts';
import type { LogEntry, LogStore, RoomHint } from '../../store/log.ts';
import type { Follower } from './follower.ts';
import type { Heads } from './heads.ts';
import { HintWatch } from './hint-watch.ts';
import { realTime, type Time } from './time.ts';

/** ms between two rounds of writing. */
const INTERVAL = 1_000;
/** Rooms per round; the others keep their place. */
const MAX_ROOMS = 500;
/** Numbers below the head searched for the newest message; without one there it is still the one of the hint before. */
const STRETCH = 1_000;

interface Due {
  readonly room: string;
  readonly seq: number;
  readonly entry: LogEntry | undefined;
}

/**
 * Writes each active room's hint behind: lastSeq (nothing at or below it is undecided) with the newest message. Losing
 * some costs a later reader a few lookups, nothing else.
 */
export class HintWriter {
  readonly #store: LogStore;
  readonly #heads: Heads;
  readonly #follower: Follower;
  readonly #logger: Logger;
  /** Room → the newest number seen here, with its entry where this node wrote it. */
  readonly #dirty = new Map<string, Due>();
  readonly #watch: HintWatch;
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
    this.#watch = new HintWatch(this.#time);
    this.#arm();
  }

  note(entry: LogEntry): void {
    if (entry.kind !== 'void') this.#note({ room: entry.room, seq: entry.seq, entry });
  }

  /** A reader found the room's log to reach `seq`, beyond its hint: should its writer have died, the hint is raised here. */
  ahead(room: string, seq: number): void {
    this.#watch.saw(room, seq);
  }

  forget(room: string): void {
    this.#dirty.delete(room);
    this.#watch.forget(room);
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

  #note(due: Due): void {
    const known = this.#dirty.get(due.room);
    if (known === undefined || known.seq < due.seq) this.#dirty.set(due.room, due);
  }

  async #write(): Promise<void> {
    await this.#rescue();
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
        else this.#note(last);
      }
      await this.#store.raiseHints(hints);
      for (const [room, { lastSeq }] of hints) this.#watch.raised(room, lastSeq);
    } catch (error) {
      for (const [, last] of rooms) this.#note(last);
      this.#logger.warn({ err: error }, 'room hints could not be written yet');
    }
  }

  /** Takes up the rooms whose hint nobody has raised. */
  async #rescue(): Promise<void> {
    const seen = this.#watch.take(MAX_ROOMS);
    if (seen.size === 0) return;
    try {
      const hints = await this.#store.hints([...seen.keys()]);
      for (const [room, seq] of seen)
        if ((hints.get(room)?.lastSeq ?? Infinity) < seq) this.#note({ room, seq, entry: undefined });
    } catch (error) {
      for (const [room, seq] of seen) this.#watch.saw(room, seq);
      this.#logger.warn({ err: error }, 'room hints could not be checked yet');
    }
  }

  /** The room's newest message as it now stands: the last entry itself, unless that is a change or others stand above. */
  async #hint(room: string, decided: number, { seq, entry }: Due): Promise<RoomHint> {
    if (decided === seq && entry !== undefined && entry.kind !== 'change')
      return { firstSeq: 0, lastSeq: decided, lastMessage: entry };
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
