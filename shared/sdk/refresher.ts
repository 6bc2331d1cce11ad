import { Backoff } from '../wire/backoff.ts';
import type { Room } from '../wire/rest.ts';
import { ApiError } from './errors.ts';
import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';

/** From so many rooms on, the whole list is read instead of each. */
const LIST_FROM = 4;
/** ms between readings of what goes stale again and again. */
const SLOWEST = 30_000;

export interface RefresherDeps {
  readonly timing: Timing;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  readonly fetchAll: () => Promise<readonly Room[]>;
  readonly fetchOne: (id: string) => Promise<Room>;
  /** Called before each reading; no two are under way at a time. */
  readonly onAsk: () => void;
  readonly onRooms: (rooms: readonly Room[], complete: boolean) => void;
  /** The server does not know the room for us. */
  readonly onGone: (id: string) => void;
  /** False once a room is known: it needs no reading merely for that. */
  readonly unknown: (id: string) => boolean;
}

/** Reads room summaries from the server: all at the start, later those that may be wrong, together and not too often. */
export class Refresher {
  readonly #deps: RefresherDeps;
  readonly #backoff: Backoff;
  readonly #timer = new Timer(() => {
    this.#start();
  });
  readonly #stale = new Set<string>();
  readonly #unknown = new Set<string>();
  #all = false;
  #running = false;
  /** The wait for the next reading was made by a failure. */
  #failing = false;
  #repeats = 0;
  #generation = 0;

  constructor(deps: RefresherDeps) {
    this.#deps = deps;
    this.#backoff = new Backoff({ random: deps.random });
  }

  /** Reads the whole list, now. */
  all(): void {
    this.#all = true;
    if (!this.#running) this.#timer.set(0);
  }

  stale(id: string): void {
    this.#stale.add(id);
    this.#schedule();
  }

  unknown(id: string): void {
    this.#unknown.add(id);
    this.#schedule();
  }

  /** The server can be reached again: what failed is read without the rest of its wait. */
  again(): void {
    if (!this.#failing || this.#running) return;
    this.#backoff.reset();
    this.#timer.set(this.#deps.timing.refreshDelay * this.#deps.random());
  }

  stop(): void {
    this.#generation += 1;
    this.#failing = false;
    this.#timer.stop();
    this.#stale.clear();
    this.#unknown.clear();
    this.#all = false;
    this.#running = false;
    this.#repeats = 0;
    this.#backoff.reset();
  }

  #schedule(): void {
    if (this.#running) return;
    this.#timer.ensure(Math.min(this.#deps.timing.refreshDelay * 2 ** this.#repeats, SLOWEST));
  }

  #start(): void {
    const generation = this.#generation;
    const ids = [...this.#stale, ...[...this.#unknown].filter(this.#deps.unknown)];
    const all = this.#all || ids.length >= LIST_FROM;
    this.#stale.clear();
    this.#unknown.clear();
    this.#all = false;
    if (!all && ids.length === 0) return;
    this.#running = true;
    this.#read(ids, all, generation).then(
      () => {
        if (generation === this.#generation) this.#done();
      },
      (error: unknown) => {
        if (generation === this.#generation) this.#failed(error, ids, all);
      },
    );
  }

  async #read(ids: readonly string[], all: boolean, generation: number): Promise<void> {
    this.#deps.onAsk();
    if (all) {
      const rooms = await this.#deps.fetchAll();
      if (generation === this.#generation) this.#deps.onRooms(rooms, true);
      return;
    }
    await Promise.all(ids.map((id) => this.#readOne(id, generation)));
  }

  async #readOne(id: string, generation: number): Promise<void> {
    try {
      const room = await this.#deps.fetchOne(id);
      if (generation === this.#generation) this.#deps.onRooms([room], false);
    } catch (error) {
      const gone = error instanceof ApiError && (error.code === 'not_found' || error.code === 'forbidden');
      if (!gone) throw error;
      if (generation === this.#generation) this.#deps.onGone(id);
    }
  }

  #done(): void {
    this.#running = false;
    this.#failing = false;
    this.#backoff.reset();
    const again = this.#all || this.#stale.size > 0 || this.#unknown.size > 0;
    this.#repeats = again ? this.#repeats + 1 : 0;
    if (this.#all) this.#timer.set(0);
    else if (again) this.#schedule();
  }

  #failed(error: unknown, ids: readonly string[], all: boolean): void {
    this.#running = false;
    this.#failing = true;
    this.#all ||= all;
    for (const id of ids) this.#stale.add(id);
    this.#deps.warn('rooms could not be read, trying again', error);
    this.#timer.set(this.#backoff.next(error instanceof ApiError ? error.retryAfterMs : undefined));
  }
}
