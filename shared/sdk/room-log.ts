import type { LogPage, Message, MessagePage } from '../wire/rest.ts';
import {
  abortLoad,
  applyLog,
  applyPage,
  beginLoad,
  EMPTY_VIEW,
  followsHead,
  hear,
  holds,
  missing,
  newerThan,
  olderThan,
  rename,
  see,
  startAt,
  stretch,
  tell,
  trim,
  type PageQuery,
  type RoomView,
} from '../wire/view.ts';
import { snapshotOf, viewOf, type Snapshot, type SnapshotLimits } from '../wire/snapshot.ts';
import type { ApiError } from './errors.ts';
import { Repair } from './repair.ts';
import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';

/** Messages held per room; beyond it the oldest are let go. */
const MAX_MESSAGES = 20_000;
/** Numbers behind which what was kept from the last visit is thrown away: a page is read sooner than so much log. */
const MAX_BEHIND = 500;

export interface RoomLogDeps {
  readonly timing: Timing;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  readonly page: (query: PageQuery) => Promise<MessagePage>;
  readonly log: (after: number) => Promise<LogPage>;
  /** The view changed. */
  readonly onView: (view: RoomView, before: RoomView) => void;
  /** The position moved over numbers that were not heard one by one; `told`: the log told what they were. */
  readonly onPassed: (known: number, told: boolean) => void;
  readonly onRefused: (error: ApiError) => void;
}

/**
 * One room's log as this client holds it: the view, its loading, its repair. Before the first `open` it keeps the
 * position only, and a hole costs a look at the room's summary instead of its messages.
 */
export class RoomLog {
  readonly #deps: RoomLogDeps;
  readonly #repair: Repair;
  readonly #skip = new Timer(() => {
    this.#skipHole();
  });
  #view: RoomView = EMPTY_VIEW;
  #opening: Promise<void> | undefined;
  #older: Promise<void> | undefined;
  /** The stretch of history around this number is shown, not the newest. */
  #around: number | undefined;
  #newer: Promise<void> | undefined;
  /** Grows when all is thrown away, so that answers from before are known as such. */
  #generation = 0;
  /** What is held was kept from the last visit, and the server has not said yet where the room stands. */
  #kept = false;

  constructor(deps: RoomLogDeps) {
    this.#deps = deps;
    this.#repair = new Repair({
      timing: deps.timing,
      random: deps.random,
      warn: deps.warn,
      missing: () => missing(this.#view),
      fetch: deps.log,
      apply: (log, asked) => {
        this.#pass(applyLog(this.#view, log, asked), true);
      },
      onRefused: deps.onRefused,
    });
  }

  get view(): RoomView {
    return this.#view;
  }

  /** A page was loaded and what is new belongs behind it. */
  get loaded(): boolean {
    return this.#view.ranges.length > 0;
  }

  /** What is shown: the newest messages, or those around the one jumped to; without a hole. */
  get shown(): readonly Message[] {
    return stretch(this.#view, this.#around);
  }

  /** What is shown does not reach the newest. */
  get detached(): boolean {
    return newerThan(this.#view, this.#around) !== undefined;
  }

  get atStart(): boolean {
    return this.loaded && olderThan(this.#view, this.#around) === undefined;
  }

  get loadingOlder(): boolean {
    return this.#older !== undefined;
  }

  /** True when something told of is not here yet. */
  get lacks(): boolean {
    return this.loaded && missing(this.#view) !== undefined;
  }

  /** True when its messages can be let go without losing track of anything. */
  get settled(): boolean {
    return this.#view.known !== undefined && this.#view.loads === 0 && !this.lacks;
  }

  /** True when this number was not heard before. */
  isNew(seq: number): boolean {
    const { known, ahead } = this.#view;
    return seq > (known ?? 0) && !ahead.some((range) => range.from <= seq && seq <= range.to);
  }

  hear(seq: number, message?: Message): void {
    this.#to(trim(hear(this.#view, seq, message), MAX_MESSAGES));
    this.#check();
  }

  see(message: Message): void {
    this.#to(see(this.#view, message));
  }

  rename(user: Message['sender']): void {
    this.#to(rename(this.#view, user));
  }

  tell(seq: number, urgent = false): void {
    this.#to(tell(this.#view, seq));
    if (urgent) this.#hurry();
    else this.#check();
  }

  /** True before anything is known of it; a first load that failed tells nothing. */
  get blank(): boolean {
    const { known, ranges, told } = this.#view;
    return (known ?? 0) === 0 && ranges.length === 0 && told === 0;
  }

  /** Goes on from what was kept, as long as nothing else is there. */
  restore(snapshot: Snapshot): void {
    if (!this.blank) return;
    this.#kept = true;
    // Somebody may have opened it a moment ago: what they wait for still comes.
    const { loads, kept } = this.#view;
    this.#to({ ...viewOf(snapshot), loads, kept });
  }

  /** What is worth keeping, if the newest is held. */
  snapshot(limits: SnapshotLimits): Snapshot | undefined {
    return snapshotOf(this.#view, limits);
  }

  /** At each `ready`: a room without a position begins at its head. */
  resume(head: number): void {
    this.#judge(head);
    if (this.#view.known === undefined && this.#view.loads === 0) this.#pass(startAt(this.#view, head));
    this.tell(head);
    // What an unreachable server made wait long need not wait for one that can be reached.
    this.#repair.again();
  }

  /** Loads the newest page, unless one is there. */
  open(): Promise<void> {
    if (followsHead(this.#view)) return Promise.resolve();
    this.#opening ??= this.#load({}).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Shows what stands around `seq`, loaded unless it is there. */
  async jump(seq: number): Promise<void> {
    await this.open();
    if (!holds(this.#view, seq)) await this.#load({ around: seq });
    this.#around = seq;
    this.#deps.onView(this.#view, this.#view);
  }

  /** Shows the newest again. */
  leaveHistory(): void {
    this.#around = undefined;
    this.#deps.onView(this.#view, this.#view);
  }

  /** Loads the page behind what is shown; nothing where that reaches the newest. */
  loadNewer(): Promise<void> {
    const after = newerThan(this.#view, this.#around);
    if (after === undefined) return Promise.resolve();
    this.#newer ??= this.#load({ after }).finally(() => {
      this.#newer = undefined;
    });
    return this.#newer;
  }

  /** Loads the page before what is shown; nothing at the room's start. */
  loadOlder(): Promise<void> {
    if (this.#older !== undefined) return this.#older;
    const before = olderThan(this.#view, this.#around);
    if (before === undefined) return Promise.resolve();
    this.#older = this.#load({ before }).finally(() => {
      this.#older = undefined;
      this.#deps.onView(this.#view, this.#view);
    });
    this.#deps.onView(this.#view, this.#view);
    return this.#older;
  }

  /** Lets go of the messages and keeps the position, so that the room goes on as one that is only listed. */
  unload(): void {
    if (!this.settled) return;
    this.#repair.stop();
    this.#around = undefined;
    this.#to(startAt(EMPTY_VIEW, this.#view.known ?? 0));
  }

  /** Forgets everything: out of the room, or signed out. */
  reset(): void {
    this.#generation += 1;
    this.#kept = false;
    this.#opening = this.#older = this.#newer = undefined;
    this.#repair.reset();
    this.#around = undefined;
    this.#skip.stop();
    this.#to(EMPTY_VIEW);
  }

  /** What was kept counts only where the log leads on from it: not from a server set back, nor from too long ago. */
  #judge(head: number): void {
    const { known } = this.#view;
    if (!this.#kept || known === undefined) return;
    this.#kept = false;
    if (head < known || head > known + MAX_BEHIND) this.reset();
  }

  async #load(query: PageQuery): Promise<void> {
    const generation = this.#generation;
    const position = this.#view.known;
    this.#to(beginLoad(this.#view));
    try {
      const page = await this.#deps.page(query);
      if (generation === this.#generation) {
        const view = applyPage(this.#view, page, query);
        this.#pass(view, view.known === position);
      }
    } catch (error) {
      if (generation === this.#generation) this.#abort();
      throw error;
    }
    this.#check();
  }

  #abort(): void {
    const view = abortLoad(this.#view);
    this.#pass(view.known === undefined && view.loads === 0 ? startAt(view, view.told) : view);
  }

  #check(): void {
    if (this.#view.loads > 0 && !this.loaded) return;
    if (this.loaded) this.#repair.check();
    else if (missing(this.#view) === undefined) this.#skip.stop();
    else this.#skip.ensure(this.#deps.timing.repairDelay);
  }

  #hurry(): void {
    if (this.loaded) this.#repair.hurry();
    else this.#skipHole();
  }

  #skipHole(): void {
    this.#skip.stop();
    if (this.loaded || missing(this.#view) === undefined) return;
    this.#pass(startAt(this.#view, this.#view.told));
  }

  #pass(view: RoomView, told = false): void {
    const before = this.#view.known;
    this.#to(view);
    if (view.known !== undefined && view.known !== before) this.#deps.onPassed(view.known, told);
  }

  #to(view: RoomView): void {
    const before = this.#view;
    if (view === before) return;
    this.#view = view;
    this.#deps.onView(view, before);
  }
}
