import { LRUCache } from 'lru-cache';
import type { Logger } from '../../../shared/node/logger.ts';
import type { LogEntry, LogStore } from '../../store/log.ts';
import type { Counter } from './counter.ts';
import { realTime, type Time } from './time.ts';
import { insertVoids } from './voids.ts';

/** ms after a node was first asked for an undecided number until it decides it as void. */
export const DECIDE_AFTER = 3_000;
/** ms a caller may be made to wait for decisions. */
export const SETTLE_WAIT = 3_500;
/** Numbers looked at in one go: more than a node can have under way when it dies. A room further behind is worked off in several. */
const WINDOW = 5_000;
const MAX_ROOMS = 10_000;

export interface Head {
  /** Nothing at or below it is undecided. */
  readonly decided: number;
  /** max(counter, stored): no number above it is known. */
  readonly top: number;
}

const NOTHING: Head = Object.freeze({ decided: 0, top: 0 });

/** Hears of what was decided; never rejects. */
interface Publisher {
  publish(entries: readonly LogEntry[]): Promise<unknown>;
}

interface RoomState {
  decided: number;
  /** What the hint says, as far as this node knows or has told. */
  hinted: number;
  /** Undecided number → when this node was first asked for it (monotonic ms). */
  readonly asked: Map<number, number>;
}

/** Knows up to where each room's log is decided, and decides what nobody finished. */
export class Heads {
  readonly #store: LogStore;
  readonly #counter: Counter;
  readonly #publisher: Publisher;
  readonly #logger: Logger;
  readonly #time: Time;
  readonly #onAhead: (room: string, decided: number) => void;
  readonly #rooms: LRUCache<string, RoomState>;

  constructor(deps: {
    readonly store: LogStore;
    readonly counter: Counter;
    readonly publisher: Publisher;
    readonly logger: Logger;
    readonly time?: Time;
    /** Hears of rooms that are decided beyond their hint. */
    readonly onAhead?: (room: string, decided: number) => void;
    /** Rooms kept in memory. */
    readonly maxRooms?: number;
  }) {
    this.#store = deps.store;
    this.#counter = deps.counter;
    this.#publisher = deps.publisher;
    this.#logger = deps.logger;
    this.#time = deps.time ?? realTime;
    this.#onAhead = deps.onAhead ?? (() => undefined);
    this.#rooms = new LRUCache({ max: deps.maxRooms ?? MAX_ROOMS });
  }

  /** This node saw `seq` decided: moves the head where it closes up. */
  note(room: string, seq: number): void {
    const state = this.#rooms.get(room);
    if (state !== undefined && seq === state.decided + 1) state.decided = seq;
  }

  /** Something stands at `seq`, and the room's hint should know. */
  stored(room: string, seq: number): void {
    const state = this.#rooms.get(room);
    if (seq <= (state?.hinted ?? 0)) return;
    this.#onAhead(room, seq);
    if (state !== undefined) state.hinted = seq;
  }

  forget(room: string): void {
    this.#rooms.delete(room);
  }

  /** The head as it stands now. Starts the clock of what is undecided, and voids what is overdue. A deleted room has none. */
  async look(room: string): Promise<Head> {
    const state = await this.#state(room);
    if (state === undefined) return NOTHING;
    // The counter before the store: a number handed out in between is then simply not asked for yet.
    const counter = await this.#counterOf(room);
    for (;;) {
      const from = state.decided;
      const stored = await this.#store.seqsAbove(room, from, WINDOW);
      const full = stored.length === WINDOW;
      const top = Math.max(counter, stored.at(-1) ?? from, full ? await this.#store.highest(room) : 0);
      const end = Math.min(top, from + WINDOW);
      const open = missing(from, end, stored);
      const left = open.length === 0 ? open : await this.#decide(room, state, open);
      this.#advance(room, state, (left[0] ?? end + 1) - 1);
      if (left.length > 0 || state.decided >= top)
        return { decided: state.decided, top: Math.max(top, state.decided) };
    }
  }

  /** Like `look`, but waits up to `wait` ms until everything known at the call is decided. */
  async settle(room: string, wait: number = SETTLE_WAIT): Promise<Head> {
    const deadline = this.#time.now() + wait;
    let head = await this.look(room);
    const target = head.top;
    for (let pause = 25; head.decided < target; pause = Math.min(pause * 2, 250)) {
      const left = deadline - this.#time.now();
      if (left <= 0) return { decided: head.decided, top: Math.max(target, head.top) };
      await this.#time.sleep(Math.min(pause, left));
      head = await this.look(room);
    }
    return head;
  }

  /** undefined where there is no such room: what its counter still says must not be decided. */
  async #state(room: string): Promise<RoomState | undefined> {
    const known = this.#rooms.get(room);
    if (known !== undefined) return known;
    const hint = (await this.#store.hints([room])).get(room);
    if (hint === undefined) return undefined;
    const hinted = Math.max(hint.firstSeq, hint.lastSeq);
    const asked = new Map<number, number>();
    const state = this.#rooms.get(room) ?? { decided: hinted, hinted, asked };
    this.#rooms.set(room, state);
    return state;
  }

  async #counterOf(room: string): Promise<number> {
    try {
      return (await this.#counter.read([room]))[0] ?? 0;
    } catch (error) {
      this.#logger.debug({ err: error }, 'no counter: the head is what is stored');
      return 0;
    }
  }

  /** Voids the overdue ones among `open`; gives what is still undecided. */
  async #decide(room: string, state: RoomState, open: readonly number[]): Promise<readonly number[]> {
    const now = this.#time.now();
    for (const seq of open) if (!state.asked.has(seq)) state.asked.set(seq, now);
    const overdue = open.filter((seq) => now - (state.asked.get(seq) ?? now) >= DECIDE_AFTER);
    const outcomes = await insertVoids(
      this.#store,
      overdue.map((seq) => ({ room, seq })),
    );
    const voids = outcomes.flatMap((outcome) => (outcome.kind === 'voided' ? [outcome.entry] : []));
    if (voids.length > 0) {
      this.#logger.info(
        { room, seqs: voids.map((entry) => entry.seq).slice(0, 20), count: voids.length },
        'voided overdue numbers',
      );
      await this.#publisher.publish(voids);
    }
    const decided = new Set(overdue.filter((_, i) => outcomes[i]?.kind !== 'unknown'));
    return open.filter((seq) => !decided.has(seq));
  }

  #advance(room: string, state: RoomState, decided: number): void {
    state.decided = Math.max(state.decided, decided);
    if (state.decided > state.hinted) this.#onAhead(room, state.decided);
    state.hinted = Math.max(state.hinted, state.decided);
    for (const seq of state.asked.keys()) if (seq <= state.decided) state.asked.delete(seq);
  }
}

/** The numbers in (from, to] that are not in `present` (ascending). */
function missing(from: number, to: number, present: readonly number[]): number[] {
  const there = new Set(present);
  const holes: number[] = [];
  for (let seq = from + 1; seq <= to; seq++) if (!there.has(seq)) holes.push(seq);
  return holes;
}
