import type { ChangeFrame, ReadByFrame } from '../wire/protocol.ts';
import type { Message, Room, UserSummary } from '../wire/rest.ts';
import type { RoomView } from '../wire/view.ts';
import { Acked } from './acked.ts';
import { Aside } from './aside.ts';
import { asideDeps } from './aside-deps.ts';
import { Delivered } from './delivered.ts';
import { Loads } from './loads.ts';
import { Derived } from './observable.ts';
import type { CachedRoom } from './room-cache.ts';
import type { OutboxEntry } from './outbox-store.ts';
import type { Stored } from './outbox.ts';
import { RoomPeople } from './people.ts';
import type { RoomDeps } from './room-deps.ts';
import { RoomLog } from './room-log.ts';
import { roomTimeline } from './room-timeline.ts';
import { RoomSummary } from './summary.ts';
import { EMPTY_TIMELINE } from './timeline.ts';
import type { Timeline } from './types.ts';

/** The newest messages looked through for one's own after each change of the view: more than a page or log answer. */
const OWN_WINDOW = 300;

/** Pages read at once to find something to show. */
const MAX_PAGES = 10;
const NOBODY: ReadonlySet<string> = new Set();

/** One room's state: what each frame means for its log, its line in the list and the people in it. */
export class RoomState {
  readonly id: string;
  readonly log: RoomLog;
  readonly summary: RoomSummary;
  readonly people: RoomPeople;
  readonly aside: Aside;
  readonly timeline = new Derived<Timeline>(EMPTY_TIMELINE, (before) => this.#show(before));
  readonly #deps: RoomDeps;
  readonly #acked = new Acked();
  readonly #loads = new Loads(() => {
    this.invalidate();
  });
  readonly #delivered = new Delivered((seq) => {
    this.#deps.cursors.got(this.id, seq);
  });
  /** The reader wants it loaded. */
  #wanted = false;
  #readSeqAtOpen: number | undefined;

  constructor(id: string, deps: RoomDeps) {
    this.id = id;
    this.#deps = deps;
    const { api, timing, random, warn, me, blocked } = deps.engine;
    this.people = new RoomPeople({
      fetch: () => api.members(id),
      warn,
      typingDuration: timing.typingDuration,
      onReceipts: () => {
        this.invalidate();
        deps.onKeep('summary');
      },
      onRenamed: (user) => {
        this.onUser(user);
      },
    });
    this.aside = new Aside(asideDeps(this, deps));
    this.log = new RoomLog({
      timing,
      random,
      warn,
      page: (query) => api.page(id, query),
      log: async (after) => {
        const page = await api.log(id, after);
        for (const message of page.changed) this.aside.see(message);
        return page;
      },
      onView: (view, before) => {
        this.#onView(view, before);
      },
      onPassed: (known) => {
        this.summary.passed(known);
      },
      onRefused: deps.onStale,
    });
    this.summary = new RoomSummary({
      me: () => me()?.id,
      blocked: () => blocked?.() ?? NOBODY,
      view: () => this.log.view,
      onChange: (active) => {
        deps.onChange(active);
        deps.onKeep('summary');
      },
      onStale: deps.onStale,
      onBehind: (readSeq) => {
        deps.cursors.read(id, readSeq);
      },
    });
  }

  get room(): Room | undefined {
    return this.summary.info.get();
  }

  /** Loads the newest page unless it is there, now and again after each reconnect until it is. */
  async open(): Promise<void> {
    // Each reader that comes starts at what is read by then.
    this.#readSeqAtOpen = undefined;
    await this.#load();
  }

  async #load(): Promise<void> {
    this.#wanted = true;
    this.#deps.onOpen();
    this.#readSeqAtOpen ??= this.room?.me.readSeq;
    this.invalidate();
    await this.#loads.run(() => this.log.open());
    this.people.want(this.room);
  }

  /** A page may hold nothing but replies, which the timeline does not show: then one more. */
  loadOlder(): Promise<void> {
    return this.#loads.run(async () => {
      const shown = (): number => this.timeline.get().items.length;
      const before = shown();
      for (let pages = 0; pages < MAX_PAGES && shown() === before; pages += 1) {
        if (this.log.atStart) return;
        await this.log.loadOlder();
        this.invalidate();
      }
    });
  }

  /** What is shown changed, or what waits or was read. */
  invalidate(): void {
    this.timeline.invalidate();
    this.aside.invalidate();
  }

  /** Of one's own, acknowledged and not here yet. */
  get acked(): readonly Message[] {
    return this.#acked.messages;
  }

  loadNewer(): Promise<void> {
    return this.#loads.run(() => this.log.loadNewer());
  }

  markRead(seq = this.log.view.messages.at(-1)?.seq): void {
    if (seq === undefined || this.room === undefined) return;
    // As on the server: nobody has read what is not there.
    const upTo = Math.min(seq, Math.max(this.room.head, this.log.view.told));
    if (upTo <= this.summary.readSeq) return;
    this.#deps.cursors.read(this.id, upTo);
    this.summary.moveRead(upTo);
  }

  /** A summary from the server; see `RoomSummary.adopt`. */
  adopt(room: Room): void {
    const { v } = this.room ?? room;
    this.summary.adopt(room);
    if (room.v > v) this.people.refresh();
    if (this.log.view.known !== undefined) this.log.tell(room.head);
    this.#noteDelivered();
  }

  /** As it was at the last visit, unless something is known of it already. */
  restore({ room, members, log }: CachedRoom): void {
    if (this.room !== undefined || !this.log.blank) return;
    this.summary.adopt(room);
    this.people.restore(members);
    // The line tells of messages that were not kept: what was must not look like the end.
    if (log !== undefined && log.known >= (room.lastMessage?.seq ?? 0)) this.log.restore(log);
  }

  /** A `room` frame. */
  onRoom(room: Omit<Room, 'me'>, head: number): void {
    if (this.room === undefined) this.#deps.onStale();
    else if (room.v > this.room.v) this.people.refresh();
    this.summary.adoptShared(room);
    this.log.resume(head);
  }

  /** At each `ready`. */
  resume(head: number, readSeq: number, isMissed = false): void {
    this.log.resume(head);
    // Moved back by another device, perhaps: the summary that is being read tells.
    if (readSeq < this.summary.readSeq && !isMissed) this.#deps.cursors.read(this.id, this.summary.readSeq);
    this.summary.moveRead(readSeq);
    this.summary.raiseHead(head);
    this.aside.resume(this.#deps.engine.warn);
    if (!this.#wanted) return;
    this.#load().catch((error: unknown) => {
      this.#deps.engine.warn('a room could not be loaded', error);
    });
  }

  onMessage(message: Message): void {
    this.summary.see(message);
    this.people.typing.ended(message.sender.id);
    this.aside.see(message);
    this.log.hear(message.seq, message);
    this.#seenOwn([message]);
  }

  onChange({ seq, message }: ChangeFrame): void {
    this.summary.see(message);
    this.aside.see(message);
    this.log.hear(seq, message);
    this.#seenOwn([message]);
  }

  /** The answer to a change of one's own; its frame comes as well, before or after. */
  see(message: Message): void {
    this.summary.see(message);
    this.aside.see(message);
    this.log.see(message);
    this.invalidate();
  }

  onRead({ user, seq, got }: ReadByFrame): void {
    if (user === this.#deps.engine.me()?.id) this.summary.moveRead(seq);
    else this.people.onRead(user, seq, got);
  }

  onTyping(user: string): void {
    if (user !== this.#deps.engine.me()?.id) this.people.onTyping(user, this.room);
  }

  onUser(user: UserSummary): void {
    this.summary.onUser(user);
    this.people.onUser(user);
    this.#acked.rename(user);
    this.aside.rename(user);
    this.log.rename(user);
    this.invalidate();
  }

  /** The outbox knows the place of one of our messages; the whole of it comes with its frame. */
  onStored(entry: OutboxEntry, stored: Stored): void {
    const me = this.#deps.engine.me();
    if (me === undefined) return;
    const { id, username, displayName } = me;
    if (this.log.isNew(stored.seq)) this.#acked.add(entry, stored, { id, username, displayName });
    this.log.tell(stored.seq);
    this.invalidate();
  }

  /** Nobody looks at it: its messages are let go until the next `open`. */
  unload(): void {
    if (this.timeline.observed) return;
    this.#wanted = false;
    this.#readSeqAtOpen = undefined;
    if (this.log.settled) this.summary.keepCount();
    this.log.unload();
  }

  /** Out of the room, or signed out: nothing of it is kept. */
  reset(): void {
    this.#wanted = false;
    this.#loads.reset();
    this.#readSeqAtOpen = undefined;
    this.#delivered.reset();
    this.#acked.clear();
    this.aside.clear();
    this.people.clear();
    this.summary.reset();
    this.log.reset();
    this.invalidate();
  }

  #onView(view: RoomView, before: RoomView): void {
    this.invalidate();
    if (view.known !== before.known || view.messages !== before.messages) this.#deps.onKeep('log');
    if (view.messages !== before.messages) {
      this.#seenOwn(view.messages.slice(-OWN_WINDOW));
      const last = view.messages.at(-1);
      if (last !== undefined) this.summary.note(last);
    }
    if (view.known !== before.known) this.#advanced(view.known ?? 0);
    this.summary.recount();
    this.#deps.onLacks();
  }

  #advanced(known: number): void {
    this.#acked.heard(known);
    this.summary.raiseHead(known);
    this.#noteDelivered();
  }

  #noteDelivered(): void {
    this.#delivered.note(this.room?.lastMessage, this.log.view.known ?? 0, this.#deps.engine.me()?.id);
  }

  /** Own messages that came in are no longer the outbox's. */
  #seenOwn(messages: readonly Message[]): void {
    const outbox = this.#deps.engine.outbox();
    const me = this.#deps.engine.me()?.id;
    if (outbox === undefined || outbox.rows(this.id).length === 0) return;
    for (const message of messages) {
      if (message.sender.id === me) outbox.onSeen(message);
    }
  }

  #show(before: Timeline): Timeline {
    const { log, people, aside, room } = this;
    const { engine } = this.#deps;
    return roomTimeline(before, {
      log,
      lines: aside.lines(log.view),
      acked: this.#acked.messages,
      rows: engine.outbox()?.rows(this.id) ?? [],
      me: engine.me(),
      thresholds: people.thresholds(room, engine.me()?.id ?? ''),
      wanted: this.#wanted,
      error: this.#loads.error,
      readSeqAtOpen: this.#readSeqAtOpen ?? room?.me.readSeq ?? 0,
    });
  }
}
