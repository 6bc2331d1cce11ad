import type { Logger } from '../shared/node/logger.ts';
import type { Cache } from './cache.ts';
import type { Room } from './room.ts';
import type { Heads, Uplink } from './uplink.ts';

const CHECK_INTERVAL = 2_000;
/** ms for which MongoDB is asked after anything that makes the counters doubtful. */
const DOUBT_TIME = 30_000;
/** And every so many checks without any reason. */
const STORED_CHECK = 10;
/** Slices fetched for one room in one check, of up to 500 numbers each. */
const MAX_ROUNDS = 20;

export interface PositionsOptions {
  readonly rooms: () => Iterable<Room>;
  readonly cache: Cache;
  readonly uplink: Uplink;
  /** Forwards a number like a live frame; false if it was known. */
  readonly deliver: (room: Room, seq: number, text: Buffer) => boolean;
  readonly logger: Logger;
  readonly now: () => number;
  readonly onRepaired?: (numbers: number) => void;
}

/**
 * Finds what Redis lost: compares each room's position with the counter every 2 s and fetches what is still missing
 * from the check before. Where counters cannot be trusted, it compares with MongoDB, and then one check suffices: what
 * is stored is not merely under way.
 */
export class Positions {
  readonly #options: PositionsOptions;
  #before = new Map<string, number>();
  #runId = '';
  #doubtUntil = 0;
  #checks = Math.floor(Math.random() * STORED_CHECK);
  #timer: NodeJS.Timeout | undefined;
  #isChecking = false;

  constructor(options: PositionsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.check(), CHECK_INTERVAL).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Something may be missing that no counter shows: a lost connection, a missing counter, another Redis. */
  doubt(): void {
    this.#doubtUntil = this.#options.now() + DOUBT_TIME;
  }

  /** One comparison of all rooms; does nothing while the one before still runs. Never rejects. */
  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      await this.#check();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'positions could not be checked');
    } finally {
      this.#isChecking = false;
    }
  }

  async #check(): Promise<void> {
    const rooms = [...this.#options.rooms()].filter(
      (room) => room.members.size > 0 && room.position !== undefined,
    );
    this.#checks++;
    const behind = new Set(await this.#compareWithCounters(rooms));
    if (this.#options.now() < this.#doubtUntil || this.#checks % STORED_CHECK === 0) {
      const heads = await this.#storedHeads(rooms);
      for (const room of rooms) if ((heads[room.id] ?? 0) > (room.position ?? 0)) behind.add(room);
    }
    await this.#repair([...behind]);
  }

  async #compareWithCounters(rooms: readonly Room[]): Promise<Room[]> {
    const before = this.#before;
    const now = new Map<string, number>();
    this.#before = now;
    try {
      const [counters, runId] = await Promise.all([
        this.#options.cache.counters(rooms.map((room) => room.id)),
        this.#options.cache.runId(),
      ]);
      if (this.#runId !== '' && runId !== this.#runId) this.doubt();
      this.#runId = runId;
      rooms.forEach((room, index) => {
        const counter = counters[index];
        if (counter !== undefined) now.set(room.id, counter);
        if ((counter ?? 0) < (room.position ?? 0)) this.doubt();
      });
    } catch {
      // The connection reports its own loss.
      this.doubt();
    }
    return rooms.filter((room) => (room.position ?? 0) < (before.get(room.id) ?? 0));
  }

  async #storedHeads(rooms: readonly Room[]): Promise<Heads> {
    if (rooms.length === 0) return {};
    try {
      return await this.#options.uplink.heads(rooms.map((room) => room.id));
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the stored heads could not be read');
      this.doubt();
      return {};
    }
  }

  /** All rooms at once: the uplink gathers them into one call. */
  async #repair(rooms: readonly Room[]): Promise<void> {
    const results = await Promise.allSettled(rooms.map((room) => this.#repairRoom(room)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      this.#options.logger.warn({ err: failed.reason as unknown, rooms: rooms.length }, 'repairs failed');
    }
  }

  async #repairRoom(room: Room): Promise<void> {
    let repaired = 0;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const after = room.position ?? 0;
      const slice = await this.#options.uplink.log({ room: room.id, after });
      if (slice === undefined) break;
      for (const [seq, text] of slice.entries) {
        if (seq > after && this.#options.deliver(room, seq, Buffer.from(text))) repaired++;
      }
      if (slice.to >= slice.head || slice.to <= after) break;
    }
    if (repaired > 0) {
      this.#options.onRepaired?.(repaired);
      this.#options.logger.info({ room: room.id, repaired }, 'lost frames were fetched and forwarded');
    }
  }
}
