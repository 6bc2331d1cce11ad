import {
  LIMITS,
  type MessageFrame,
  type ReadyFrame,
  type RoomFrame,
  type SeqByRoom,
  type ServerFrame,
} from '../wire/protocol.ts';
import type { Message, Room } from '../wire/rest.ts';
import { Cursors } from './cursors.ts';
import type { Engine } from './engine.ts';
import { Handle } from './handle.ts';
import { Derived, Value } from './observable.ts';
import { Refresher } from './refresher.ts';
import { RoomState } from './room.ts';

/** Rooms whose messages are kept in memory; of more, those opened longest ago and not looked at are unloaded. */
const MAX_OPEN = 50;

/** All rooms of the signed-in user: the list, its order, and which room a frame belongs to. */
export class Rooms {
  readonly list = new Derived<readonly Room[]>([], () => this.#sorted());
  readonly loaded = new Value(false);
  /** How many rooms lack something since the last `ready` or gap; 0 when caught up. */
  readonly lacking = new Value(0);
  readonly #engine: Engine;
  readonly #cursors: Cursors;
  readonly #refresher: Refresher;
  readonly #states = new Map<string, RoomState>();
  readonly #handles = new Map<string, Handle>();
  /** Room id → when it was last active, by a count of our own: higher is later. */
  readonly #activity = new Map<string, number>();
  readonly #lacking = new Set<string>();
  /** Opened rooms, the latest last. */
  readonly #opened = new Set<string>();
  #clock = 0;
  /** The count when the list was last asked for. */
  #asked = 0;
  #catchingUp = false;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#cursors = new Cursors(engine);
    this.#refresher = new Refresher({
      timing: engine.timing,
      random: engine.random,
      warn: engine.warn,
      fetchAll: () => engine.api.rooms(),
      fetchOne: (id) => engine.api.room(id),
      mark: () => {
        this.#asked = this.#clock;
        return new Map([...this.#states].map(([id, state]) => [id, state.summary.heard]));
      },
      onRooms: (rooms, complete, mark) => {
        this.#onRooms(rooms, complete, mark);
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
      cursors: this.#cursors,
      onChange: (active) => {
        if (active) this.#touch(id);
        this.list.invalidate();
      },
      onStale: () => {
        this.#refresher.stale(id);
      },
      onLacks: () => {
        this.#onLacks(id);
      },
      onOpen: () => {
        this.#onOpen(id);
      },
    });
    this.#states.set(id, state);
    return state;
  }

  /** A room just created or joined. */
  entered(room: Room): void {
    this.state(room.id).adopt(room);
    this.#touch(room.id);
    this.list.invalidate();
  }

  /** For `hello`: where each room with a position stands, latest active first. */
  positions(): SeqByRoom {
    const known = [...this.#states.values()]
      .filter((state) => state.log.view.known !== undefined)
      .sort((a, b) => this.#activityOf(b.id) - this.#activityOf(a.id))
      .slice(0, LIMITS.helloRooms);
    return Object.fromEntries(known.map((state) => [state.id, state.log.view.known ?? 0]));
  }

  onFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'ready':
        this.#onReady(frame);
        break;
      case 'message':
        this.#known(frame.room).onMessage(messageOf(frame));
        break;
      case 'change':
        this.#known(frame.room).onChange(frame);
        break;
      case 'void':
        this.#known(frame.room).log.hear(frame.seq);
        break;
      case 'gap':
        this.#catchingUp = true;
        this.#known(frame.room).log.tell(frame.to, true);
        break;
      case 'beat':
        for (const [id, seq] of Object.entries(frame.rooms ?? {})) this.#states.get(id)?.log.tell(seq);
        break;
      case 'room':
        this.#onRoom(frame);
        break;
      case 'room.removed':
        if (frame.v >= (this.#states.get(frame.room)?.room?.v ?? 0)) this.#remove(frame.room);
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
      case 'user':
        for (const state of this.#states.values()) state.onUser(frame.user);
        break;
      default:
      // The rest is about the link, the outbox or presence.
    }
  }

  /** Signed out: every room is emptied; handles stay valid. */
  clear(): void {
    this.#refresher.stop();
    this.#cursors.clear();
    for (const id of [...this.#states.keys()]) this.#remove(id);
    this.#catchingUp = false;
    this.lacking.set(0);
    this.loaded.set(false);
  }

  #onReady({ rooms }: ReadyFrame): void {
    for (const [id, state] of [...this.#states]) {
      if (state.room !== undefined && !Object.hasOwn(rooms, id)) this.#remove(id);
    }
    this.#catchingUp = true;
    for (const [id, [head, readSeq, v]] of Object.entries(rooms)) {
      const state = this.state(id);
      if (state.room === undefined) this.#refresher.unknown(id);
      else if (v > state.room.v) this.#refresher.stale(id);
      state.resume(head, readSeq);
    }
    this.#cursors.flush();
    this.#countLacking();
  }

  #onRoom({ room, head }: RoomFrame): void {
    const state = this.state(room.id);
    if (state.room === undefined) this.#touch(room.id);
    state.onRoom(room, head);
  }

  #onRooms(rooms: readonly Room[], complete: boolean, mark: ReadonlyMap<string, number>): void {
    rooms.forEach((room, index) => {
      const state = this.state(room.id);
      state.adopt(room, mark.get(room.id) ?? 0);
      // What was active while the list was on its way stays above it.
      if (!complete || this.#activityOf(room.id) > this.#asked) return;
      this.#activity.set(room.id, this.#asked - (index + 1) / (rooms.length + 1));
    });
    if (complete) {
      const listed = new Set(rooms.map((room) => room.id));
      // Left, or entered while the list was on its way: the room itself tells.
      for (const state of this.#states.values()) {
        if (state.room !== undefined && !listed.has(state.id)) this.#refresher.stale(state.id);
      }
      this.loaded.set(true);
    }
    this.list.invalidate();
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
    // Only a room somebody holds a handle of is kept, empty.
    if (!this.#handles.has(id)) this.#states.delete(id);
    state.reset();
    this.#opened.delete(id);
    this.#activity.delete(id);
    this.#onLacks(id);
    this.list.invalidate();
  }

  #onOpen(id: string): void {
    this.#opened.delete(id);
    this.#opened.add(id);
    for (const oldest of [...this.#opened].slice(0, -MAX_OPEN)) {
      const state = this.#states.get(oldest);
      state?.unload();
      if (state?.log.loaded !== true) this.#opened.delete(oldest);
    }
  }

  #touch(id: string): void {
    this.#clock += 1;
    this.#activity.set(id, this.#clock);
  }

  #activityOf(id: string): number {
    return this.#activity.get(id) ?? -Infinity;
  }

  #sorted(): readonly Room[] {
    return [...this.#states.values()]
      .map((state) => state.room)
      .filter((room) => room !== undefined)
      .sort((a, b) => this.#activityOf(b.id) - this.#activityOf(a.id));
  }

  #onLacks(id: string): void {
    const lacks = this.#states.get(id)?.log.lacks ?? false;
    if (lacks === this.#lacking.has(id)) return;
    if (lacks) this.#lacking.add(id);
    else this.#lacking.delete(id);
    this.#countLacking();
  }

  /** A hole of a moment in a live room is no catching up; what was missed while away is. */
  #countLacking(): void {
    if (this.#lacking.size === 0) this.#catchingUp = false;
    this.lacking.set(this.#catchingUp ? this.#lacking.size : 0);
  }
}

/** The message in its frame, without what makes it one. */
function messageOf(frame: MessageFrame): Message {
  const message: Message & { type?: string } = { ...frame };
  delete message.type;
  return message;
}
