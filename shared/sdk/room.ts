import type { ChangeFrame, ReadByFrame } from '../wire/protocol.ts';
import { hasReceipts } from '../wire/receipts.ts';
import type { Message, Room, UserSummary } from '../wire/rest.ts';
import type { RoomView } from '../wire/view.ts';
import { Acked } from './acked.ts';
import { Arrivals } from './arrivals.ts';
import { Aside } from './aside.ts';
import { asideDeps } from './aside-deps.ts';
import { Delivered } from './delivered.ts';
import { Derived } from './observable.ts';
import type { CachedRoom } from './room-cache.ts';
import type { OutboxEntry } from './outbox-store.ts';
import type { Stored } from './outbox.ts';
import { RoomPeople } from './people.ts';
import type { RoomDeps } from './room-deps.ts';
import { RoomLoading } from './room-loading.ts';
import { RoomLog } from './room-log.ts';
import { RoomTimeline } from './room-timeline.ts';
import { RoomSummary } from './summary.ts';
import { EMPTY_TIMELINE } from './timeline.ts';
import type { Timeline } from './types.ts';

/** The newest messages looked through for one's own after each change of the view: more than a page or log answer. */
const OWN_WINDOW = 300;

/** The newest messages whose senders' names are read anew after an absence. */
const NAMED_WINDOW = 100;

const NOBODY: ReadonlySet<string> = new Set();

/** One room's state: what each frame means for its log, its line in the list and the people in it. */
export class RoomState {
  readonly id: string;
  readonly log: RoomLog;
  readonly summary: RoomSummary;
  readonly people: RoomPeople;
  readonly aside: Aside;
  readonly #timelines = new RoomTimeline();
  readonly timeline = new Derived<Timeline>(EMPTY_TIMELINE, (before) => this.#show(before));
  readonly #deps: RoomDeps;
  readonly #acked = new Acked();
  readonly loading: RoomLoading;
  readonly #delivered = new Delivered((seq) => {
    this.#deps.cursors.got(this.id, seq);
  });
  readonly #arrivals: Arrivals;
  /** What is held was read before the last connection. */
  #hasOldNames = false;

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
      onChanged: (user) => {
        this.onUser(user);
      },
    });
    this.#arrivals = new Arrivals((news) => {
      this.#delivered.hear(news.messages, me()?.id);
      deps.onArrival({ room: id, ...news });
    });
    this.aside = new Aside(asideDeps(this, deps));
    this.log = new RoomLog({
      timing,
      random,
      warn,
      page: (query) => api.page(id, query),
      log: async (after) => {
        const page = await api.log(id, after);
        for (const message of [...page.messages, ...page.changed]) this.aside.see(message);
        return page;
      },
      onView: (view, before) => {
        this.#onView(view, before);
      },
      onPassed: (known, told) => {
        if (!this.log.loaded) this.#arrivals.passed(this.room?.me);
        this.summary.passed(known);
        if (!told) this.aside.doubt();
      },
      onRefused: deps.onStale,
    });
    this.loading = new RoomLoading({
      log: this.log,
      shown: () => this.timeline.get().items.length,
      readSeq: () => this.room?.me.readSeq,
      onWanted: deps.onOpen,
      onChange: () => {
        this.invalidate();
      },
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
    await this.loading.open();
    this.people.want(this.room);
    this.#askNames();
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
    this.aside.quotes.begin();
    const { v } = this.room ?? room;
    this.#arrivals.adopt(room);
    this.summary.adopt(room);
    if (room.v > v) this.people.refresh();
    if (this.log.view.known !== undefined) this.log.tell(room.head);
    this.#noteDelivered();
  }

  /** As it was at the last visit, unless something is known of it already. */
  restore({ room, members, log, threads }: CachedRoom): void {
    if (this.room !== undefined || !this.log.blank) return;
    this.aside.quotes.begin();
    this.summary.adopt(room);
    this.people.restore(members);
    // The line tells of messages that were not kept: what was must not look like the end.
    if (log !== undefined && log.known >= (room.lastMessage?.seq ?? 0)) this.log.restore(log);
    this.aside.restore(threads);
  }

  /** A `room` frame. */
  onRoom(room: Omit<Room, 'me'>, head: number): void {
    if (this.room === undefined) this.#deps.onStale();
    else if (room.v > this.room.v) this.people.refresh();
    this.summary.adoptShared(room);
    this.log.resume(head);
  }

  /** At each `ready`; `isFirst`: since one signed in or the page was loaded. */
  resume(
    head: number,
    readSeq: number,
    { isMissed, isFirst }: { isMissed: boolean; isFirst: boolean },
  ): void {
    if (isFirst) this.#arrivals.begin(head);
    this.log.resume(head);
    // Moved back by another device, perhaps: the summary that is being read tells.
    if (readSeq < this.summary.readSeq && !isMissed) this.#deps.cursors.read(this.id, this.summary.readSeq);
    this.summary.moveRead(readSeq);
    this.summary.raiseHead(head);
    this.people.resume(this.room, this.timeline.observed);
    this.#hasOldNames = this.log.loaded;
    if (this.timeline.observed) this.#askNames();
    this.aside.resume(this.#deps.engine.warn);
    if (!this.loading.wanted) return;
    const isSeen = this.timeline.observed;
    const loaded = this.loading.load().then(() => {
      if (isSeen) this.people.want(this.room);
    });
    loaded.catch((error: unknown) => {
      this.#deps.engine.warn('a room could not be loaded', error);
    });
  }

  onMessage(message: Message): void {
    this.summary.see(message);
    this.people.typing.ended(message.sender.id);
    this.aside.see(message);
    this.#arrivals.hear(message);
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
    if (user === this.#deps.engine.me()?.id) this.summary.onRead(seq);
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
    this.loading.leave();
    if (this.log.settled) this.summary.keepCount();
    this.log.unload();
  }

  /** The server was set back: what is held is no part of its history any more. Who looks at it sees what there is now. */
  restart(): void {
    this.#delivered.reset();
    this.#arrivals.clear();
    this.#acked.clear();
    this.aside.restart();
    this.people.clear();
    this.summary.restart();
    this.log.reset();
    this.invalidate();
  }

  /** Out of the room, or signed out: nothing of it is kept. */
  reset(): void {
    this.loading.reset();
    this.#delivered.reset();
    this.#arrivals.clear();
    this.#acked.clear();
    this.aside.clear();
    this.people.clear();
    this.summary.reset();
    this.log.reset();
    this.invalidate();
  }

  /** Where members are not read at each return, those who wrote last are asked for by themselves. */
  #askNames(): void {
    if (!this.#hasOldNames || this.room === undefined) return;
    this.#hasOldNames = false;
    if (hasReceipts(this.room)) return;
    const senders = this.log.shown
      .slice(-NAMED_WINDOW)
      .map(({ sender }) => ({ user: sender, byName: true }) as const);
    this.#deps.engine.names.want(senders.toReversed());
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
    this.#arrivals.advance(known, this.log.view.messages);
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
    const { log, loading, people, aside, room } = this;
    const { engine } = this.#deps;
    return this.#timelines.after(before, {
      log,
      lines: aside.lines(log.view),
      acked: this.#acked.messages,
      rows: engine.outbox()?.rows(this.id) ?? [],
      me: engine.me(),
      thresholds: people.thresholds(room, engine.me()?.id ?? ''),
      wanted: loading.wanted,
      error: loading.error,
      readSeqAtOpen: loading.readSeqAtOpen ?? room?.me.readSeq ?? 0,
    });
  }
}
