import {
  LIMITS,
  type ReadyFrame,
  type RoomFrame,
  type RoomRemovedFrame,
  type SeqByRoom,
  type ServerFrame,
} from '../wire/protocol.ts';
import { isListed } from '../wire/prefs.ts';
import type { Message, Room, UserSummary } from '../wire/rest.ts';
import { Activity } from './activity.ts';
import type { Arrival } from './arrivals.ts';
import { Cursors } from './cursors.ts';
import type { Engine } from './engine.ts';
import { Handle } from './handle.ts';
import { Histories } from './histories.ts';
import type { KeptThread } from './kept-thread.ts';
import { Lacks } from './lacks.ts';
import { Derived, Listeners, Value } from './observable.ts';
import { Refresher } from './refresher.ts';
import type { Shown } from './names.ts';
import type { Offline } from './offline.ts';
import { messageOf } from './message-of.ts';
import { MAX_OPEN, Opened } from './opened.ts';
import type { CachedRoom } from './room-cache.ts';
import { RoomState } from './room.ts';
import type { Threads } from './threads.ts';
import type { Observable } from './types.ts';

/** All rooms of the signed-in user: the list, its order, and which room a frame belongs to. */
export class Rooms {
  readonly list = new Derived<readonly Room[]>([], () => this.#sorted());
  readonly loaded = new Value(false);
  /** How many rooms lack something since the last `ready` or gap; 0 when caught up. */
  readonly lacking: Observable<number>;
  readonly arrivals = new Listeners<Arrival>();
  readonly #engine: Engine;
  readonly cursors: Cursors;
  readonly #threads: Threads;
  readonly #refresher: Refresher;
  readonly #states = new Map<string, RoomState>();
  readonly #handles = new Map<string, Handle>();
  readonly #activity = new Activity();
  readonly #lacks = new Lacks();
  readonly #opened = new Opened((id) => this.#states.get(id));
  /** Rooms one was told to be out of while summaries are on their way: those may be older. */
  readonly #doubted = new Set<string>();
  readonly #histories = new Histories();
  /** The rooms of a `ready` that came while summaries are on their way. */
  #listed: ReadyFrame['rooms'] | undefined;
  /** There was a `ready` before: what comes now is a return. */
  #wasReady = false;
  /** Hears of what is worth keeping for the next visit. */
  offline: Offline | undefined;

  constructor(engine: Engine, threads: Threads) {
    this.lacking = this.#lacks.rooms;
    this.#engine = engine;
    this.#threads = threads;
    this.cursors = new Cursors(engine);
    this.#refresher = new Refresher({
      timing: engine.timing,
      random: engine.random,
      warn: engine.warn,
      fetchAll: () => engine.api.rooms(),
      fetchOne: (id) => engine.api.room(id),
      onAsk: () => {
        this.#activity.ask();
        this.#doubted.clear();
        this.#listed = undefined;
      },
      onRooms: (rooms, complete) => {
        this.#onRooms(rooms, complete);
      },
      onGone: (id) => {
        this.#remove(id);
      },
      unknown: (id) => this.#states.get(id)?.room === undefined,
    });
  }

  /** Reads the list; frames may come before it. */
  start(): void {
    this.#refresher.all();
  }

  handle(id: string): Handle {
    const known = this.#handles.get(id);
    if (known !== undefined) return known;
    const handle = new Handle(this.state(id), this.#engine);
    this.#handles.set(id, handle);
    return handle;
  }

  state(id: string): RoomState {
    const known = this.#states.get(id);
    if (known !== undefined) return known;
    const state = new RoomState(id, {
      engine: this.#engine,
      cursors: this.cursors,
      threads: this.#threads,
      onChange: (active) => {
        if (active) this.#activity.said(id, this.#states.get(id)?.room?.lastMessage);
        this.list.invalidate();
      },
      onStale: () => {
        this.#refresher.stale(id);
      },
      onLacks: () => {
        this.#lacks.note(id, this.#states.get(id)?.log.lacks);
      },
      onOpen: () => {
        this.#opened.add(id);
      },
      onArrival: (arrival) => {
        this.arrivals.tell(arrival);
      },
      onKeep: (what) => this.offline?.changed(id, what),
      onKeepThread: (root) => this.offline?.threadChanged(id, root),
    });
    this.#states.set(id, state);
    return state;
  }

  /** Rooms as they were at the last visit, the latest active first. */
  restore(rooms: readonly CachedRoom[]): void {
    this.#activity.adopt(rooms.map(({ room }) => room.id));
    for (const cached of rooms.toReversed()) {
      const state = this.state(cached.room.id);
      state.restore(cached);
      this.#histories.keep(state.id, cached.room.head);
      if (state.log.loaded) this.#opened.add(state.id);
    }
    this.list.invalidate();
  }

  /** The next of the latest active rooms whose messages are not here, while there is space for more. */
  nextAhead(): string | undefined {
    const latest = this.list.get().slice(0, MAX_OPEN);
    const next = latest.find(({ id }) => this.#states.get(id)?.log.settled && !this.#opened.has(id))?.id;
    if (next === undefined || !this.#opened.full) return next;
    // Rooms that were active once must not stand in the way of those that are now.
    return this.#opened.release(new Set(latest.map(({ id }) => id))) ? next : undefined;
  }

  /** Reads a room's newest page although nobody looks at it. */
  async readAhead(id: string): Promise<void> {
    this.#opened.add(id);
    await this.#states.get(id)?.log.open();
  }

  /** What of a thread is worth keeping until the next visit. */
  keptThread(id: string, root: number): KeptThread | undefined {
    const state = this.#states.get(id);
    return state?.room === undefined ? undefined : state.aside.kept(root);
  }

  /** Reads the thread, of those that are kept and may be old, that was looked at last; undefined where there is none. */
  doubtedThread(): (() => Promise<void>) | undefined {
    const doubted = [...this.#states.values()].flatMap(({ aside }) => aside.doubted);
    const thread = doubted.sort((a, b) => (b.doubtedAt ?? 0) - (a.doubtedAt ?? 0))[0];
    if (thread === undefined) return undefined;
    return () =>
      thread.refresh().catch((error: unknown) => {
        // One that is gone is not kept any more, and nothing to wait for.
        if (thread.doubtedAt !== undefined) throw error;
      });
  }

  /** A room just created or joined. */
  entered(room: Room): void {
    this.state(room.id).adopt(room);
    this.#activity.touch(room.id);
    this.list.invalidate();
  }

  /** For `hello`: where each room with a position stands, latest active first. */
  positions(): SeqByRoom {
    const known = [...this.#states.values()]
      .filter((state) => state.log.view.known !== undefined)
      .sort((a, b) => this.#activity.compare(a.id, b.id))
      .slice(0, LIMITS.helloRooms);
    return this.#histories.name(
      Object.fromEntries(known.map((state) => [state.id, state.log.view.known ?? 0])),
    );
  }

  /** `isMissed`: another device changed one's settings since the list was read. */
  onReady({ rooms }: ReadyFrame, isMissed: boolean): void {
    this.#activity.resume(rooms);
    const isFirst = !this.#wasReady;
    this.#wasReady = true;
    if (!isFirst) this.#engine.names.onReturn();
    if (isMissed) this.#refresher.all();
    for (const [id, state] of [...this.#states]) {
      if (state.room !== undefined && !Object.hasOwn(rooms, id)) this.#remove(id);
    }
    this.#listed = rooms;
    this.#lacks.begin();
    for (const [id, [head, readSeq, v]] of Object.entries(rooms)) {
      const state = this.state(id);
      const isSetBack = this.#histories.isSetBack(id, head);
      if (isSetBack) this.#restart(state);
      if (state.room === undefined) this.#refresher.unknown(id);
      else if (isSetBack || v > state.room.v) this.#refresher.stale(id);
      state.resume(head, readSeq, { isMissed, isFirst: isFirst || isSetBack });
    }
    this.#histories.end();
    this.cursors.flush();
    this.#refresher.again();
    this.#lacks.count();
  }

  #restart(state: RoomState): void {
    state.restart();
    this.cursors.forget(state.id);
    this.#opened.forget(state.id);
    this.offline?.restarted(state.id);
  }

  onFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'message':
        this.#known(frame.room).onMessage(messageOf(frame));
        this.#threads.onMessage(frame);
        break;
      case 'change':
        this.#known(frame.room).onChange(frame);
        this.#threads.onChange(frame.message);
        break;
      case 'void':
        this.#known(frame.room).log.hear(frame.seq);
        break;
      case 'gap':
        this.#lacks.begin();
        this.#known(frame.room).log.tell(frame.to, true);
        break;
      case 'beat':
        for (const [id, seq] of Object.entries(frame.rooms ?? {})) this.#known(id).log.tell(seq);
        break;
      case 'room':
        this.#onRoom(frame);
        break;
      case 'room.removed':
        this.#onRemoved(frame);
        break;
      case 'read':
        this.#states.get(frame.room)?.onRead(frame);
        break;
      case 'typing':
        this.#states.get(frame.room)?.onTyping(frame.user);
        break;
      case 'prefs':
        this.#states.get(frame.room)?.summary.onPrefs(frame.me);
        break;
      default:
      // The rest is about the link, the outbox or presence.
    }
  }

  /** All that are held, of the rooms one is in. */
  messages(): readonly Message[] {
    return [...this.#states.values()].flatMap(({ room, log, aside }) =>
      room === undefined ? [] : [...log.view.messages, ...aside.messages],
    );
  }

  /** Who stands in the list: the other side of direct conversations, and who spoke last; the latest first. */
  people(): readonly Shown[] {
    return this.list
      .get()
      .flatMap(({ peer, lastMessage }) => [
        ...(peer === undefined ? [] : [{ user: peer }]),
        ...(lastMessage === undefined ? [] : [{ user: lastMessage.sender, byName: true } as const]),
      ]);
  }

  onUser(user: UserSummary): void {
    for (const state of this.#states.values()) state.onUser(user);
  }

  /** Somebody was blocked, or no longer is. */
  onBlocked(): void {
    for (const { summary } of this.#states.values()) summary.onBlocked();
    this.#threads.onBlocked();
  }

  /** Signed out: every room is emptied; handles stay valid. */
  clear(): void {
    this.#refresher.stop();
    this.cursors.clear();
    this.#listed = undefined;
    this.#activity.clear();
    this.#wasReady = false;
    this.#histories.end();
    for (const id of [...this.#states.keys()]) this.#remove(id);
    this.#doubted.clear();
    this.#lacks.clear();
    this.loaded.set(false);
  }

  #onRoom({ room, head }: RoomFrame): void {
    const state = this.state(room.id);
    if (state.room === undefined) this.#activity.touch(room.id);
    state.onRoom(room, head);
  }

  #onRemoved({ room: id, v }: RoomRemovedFrame): void {
    const known = this.#states.get(id)?.room;
    if (known !== undefined && v < known.v) return;
    if (known === undefined) this.#doubted.add(id);
    this.#remove(id);
  }

  /** True when one may have left the room after this summary was read: the room itself is asked. */
  #isDoubtful({ id }: Room): boolean {
    if (this.#states.get(id)?.room !== undefined) return false;
    return this.#doubted.has(id) || (this.#listed !== undefined && !Object.hasOwn(this.#listed, id));
  }

  #onRooms(rooms: readonly Room[], complete: boolean): void {
    for (const room of rooms) {
      if (this.#isDoubtful(room)) this.#refresher.stale(room.id);
      else this.#adopt(room, complete);
    }
    if (complete) {
      const ids = rooms.map((room) => room.id);
      this.#activity.adopt(ids);
      const listed = new Set(ids);
      // Left, or entered while the list was on its way: the room itself tells.
      for (const state of this.#states.values()) {
        if (state.room !== undefined && !listed.has(state.id)) this.#refresher.stale(state.id);
      }
      this.loaded.set(true);
    }
    this.list.invalidate();
  }

  /** A summary; where the whole list is read, its order says what was active when. */
  #adopt(room: Room, complete: boolean): void {
    const state = this.state(room.id);
    const before = state.room;
    state.adopt(room);
    if (complete) return;
    const isNews = (room.lastMessage?.seq ?? 0) > (before?.lastMessage?.seq ?? 0);
    if (before === undefined || isNews) this.#activity.said(room.id, room.lastMessage);
  }

  /** The state a room's frame is for; of a room not known yet the summary is read. */
  #known(id: string): RoomState {
    const state = this.state(id);
    if (state.room === undefined) this.#refresher.unknown(id);
    return state;
  }

  #remove(id: string): void {
    const state = this.#states.get(id);
    if (state === undefined) return;
    if (state.room !== undefined) this.#doubted.add(id);
    this.offline?.removed();
    this.#threads.left(id);
    // Only a room somebody holds a handle of is kept, empty.
    if (!this.#handles.has(id)) this.#states.delete(id);
    state.reset();
    this.cursors.forget(id);
    this.#opened.forget(id);
    this.#activity.forget(id);
    this.#lacks.note(id, this.#states.get(id)?.log.lacks);
    this.list.invalidate();
  }

  #sorted(): readonly Room[] {
    return [...this.#states.values()]
      .map((state) => state.room)
      .filter((room) => room !== undefined)
      .filter(isListed)
      .sort((a, b) => this.#activity.compare(a.id, b.id));
  }
}
