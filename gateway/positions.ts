import type { Logger } from '../shared/node/logger.ts';
import type { Cache } from './cache.ts';
import { Repairs } from './repairs.ts';
import type { Room } from './room.ts';
import type { Uplink } from './uplink.ts';

const CHECK_INTERVAL = 2_000;
/** ms for which MongoDB is asked after anything that makes the counters doubtful. */
const DOUBT_TIME = 30_000;
/** Counters read at a time. */
const ROOMS_PER_READ = 500;
/** And every so many checks without any reason. */
const STORED_CHECK = 10;

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
 * is stored is not merely under way. Nothing slow keeps the next check from coming.
 */
export class Positions {
  readonly #options: PositionsOptions;
  readonly #repairs: Repairs;
  #runId = '';
  #doubtUntil = 0;
  #checks = Math.floor(Math.random() * STORED_CHECK);
  #timer: NodeJS.Timeout | undefined;
  #isComparing = false;
  #isAsking = false;
  #behind = 0;

  constructor(options: PositionsOptions) {
    this.#options = options;
    this.#repairs = new Repairs(options);
  }

  /** Rooms that the last check found behind their counter. */
  get behind(): number {
    return this.#behind;
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

  /** One comparison of all rooms; what is found to be missing is fetched after it. Never rejects. */
  async check(): Promise<void> {
    const rooms = [...this.#options.rooms()].filter(
      (room) => room.members.size > 0 && room.position !== undefined,
    );
    this.#checks++;
    if (!this.#isComparing) await this.#compareWithCounters(rooms);
    const isDue = this.#options.now() < this.#doubtUntil || this.#checks % STORED_CHECK === 0;
    if (isDue && !this.#isAsking && rooms.length > 0) void this.#compareWithStored(rooms);
  }

  async #compareWithCounters(rooms: readonly Room[]): Promise<void> {
    this.#isComparing = true;
    const behind = rooms.filter(isBehind);
    this.#behind = behind.length;
    try {
      const runId = await this.#options.cache.runId();
      if (this.#runId !== '' && runId !== this.#runId) this.doubt();
      this.#runId = runId;
      // One after the other, so that ten thousand rooms are never the work of one turn of the event loop.
      for (let i = 0; i < rooms.length; i += ROOMS_PER_READ) {
        const some = rooms.slice(i, i + ROOMS_PER_READ);
        const counters = await this.#options.cache.counters(some.map((room) => room.id));
        some.forEach((room, index) => this.#note(room, counters[index]));
      }
    } catch {
      // The connection reports its own loss.
      this.doubt();
    }
    this.#isComparing = false;
    // Meanwhile another repair may have brought what they lacked.
    void this.#repairs.repair(behind.filter(isBehind));
  }

  /** A room without a counter, or with one below its position: Redis lost something. Asking MongoDB makes it good. */
  #note(room: Room, counter: number | undefined): void {
    if (counter === undefined || counter < (room.position ?? 0)) this.doubt();
    room.counter = counter ?? 0;
  }

  async #compareWithStored(rooms: readonly Room[]): Promise<void> {
    this.#isAsking = true;
    try {
      const heads = await this.#options.uplink.heads(rooms.map((room) => room.id));
      void this.#repairs.repair(rooms.filter((room) => (heads[room.id] ?? 0) > (room.position ?? 0)));
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the stored heads could not be read');
      this.doubt();
    }
    this.#isAsking = false;
  }
}

const isBehind = (room: Room): boolean => (room.position ?? 0) < room.counter;
