import { eachLog, type Envelope, Kind } from '../shared/node/envelope.ts';
import type { RoomList } from '../shared/node/internal.ts';
import { roomChannel, userChannel } from '../shared/node/keys.ts';
import type { Logger } from '../shared/node/logger.ts';
import { CloseCode } from '../shared/wire/protocol.ts';
import type { Asides } from './asides.ts';
import type { FanOut } from './fan-out.ts';
import { controlFrame, type OutFrame, outFrame } from './out-frame.ts';
import type { RingBudget } from './ring.ts';
import { Room } from './room.ts';
import type { Subscriptions } from './subscriptions.ts';
import { type Device, User } from './user.ts';

export interface HubOptions {
  readonly subscriptions: Subscriptions;
  readonly fanOut: FanOut;
  readonly budget: RingBudget;
  readonly logger: Logger;
  readonly now: () => number;
  /**
   * A user already here is in one more room; its subscription is being answered. `have`: the number from which on they
   * get everything, undefined where the signal itself was lost.
   */
  readonly onEntered: (user: User, room: Room, have: number | undefined, answered: Promise<void>) => void;
  /** Reads the user's list again, because a signal may be out of date. False if it could not be read. */
  readonly confirm: (user: User) => Promise<boolean>;
  /** A number came from the bus and went to the room's members. */
  readonly onForwarded?: (room: Room, seq: number) => void;
  readonly asides: Pick<Asides, 'deliver'>;
}

/** Rooms and users → local devices: who gets what arrives on the bus. */
export class Hub {
  readonly #options: HubOptions;
  readonly #users = new Map<string, User>();
  readonly #rooms = new Map<string, Room>();

  constructor(options: HubOptions) {
    this.#options = options;
  }

  get users(): ReadonlyMap<string, User> {
    return this.#users;
  }

  get rooms(): ReadonlyMap<string, Room> {
    return this.#rooms;
  }

  /** Enters a device; resolves when the user's channel is subscribed (or Redis is away), before which no list may be read. */
  async attach(device: Device, userId: string): Promise<User> {
    let user = this.#users.get(userId);
    if (user === undefined) {
      user = new User(userId);
      this.#users.set(userId, user);
    }
    this.settle(user);
    user.devices.add(device);
    const channel = userChannel(userId);
    const answered = this.#options.subscriptions.acquire(channel, (envelope) =>
      this.#onUserSignal(userId, envelope),
    );
    await answered.catch(() => undefined); // positions are in doubt while Redis is away and repair what is missed
    return user;
  }

  detach(device: Device, user: User): void {
    if (!user.devices.delete(device)) return;
    this.#options.subscriptions.release(userChannel(user.id));
    if (user.devices.size > 0) return;
    this.#users.delete(user.id);
    for (const room of user.rooms.keys()) this.#exit(user, room);
    user.rooms.clear();
  }

  /**
   * Makes the user's rooms those of the list, whatever signals were lost. Resolves when their subscriptions are answered
   * (or Redis is away). A user here before hears of what they were not told. `isCertain`: it is no hello, and the store was
   * read after the last signal, so that the list counts for more than any removal remembered.
   */
  async applyList(user: User, list: RoomList['rooms'], isCertain = false): Promise<void> {
    // Gone while the list was being read.
    if (user.devices.size === 0) return;
    const wasLoaded = user.isLoaded;
    user.isLoaded = true;
    for (const id of user.rooms.keys()) {
      if (list[id] === undefined) this.#removeLost(user, id);
    }
    const now = this.#options.now();
    const entered: string[] = [];
    for (const [id, membership] of Object.entries(list)) {
      const isNew = !user.rooms.has(id);
      // Read before the removal that was signalled meanwhile.
      if (isNew && !isCertain && user.departures.outdates(id, membership[1], now)) continue;
      user.rooms.set(id, membership);
      if (!isNew) {
        this.#sawVersion(id, membership[1]);
        continue;
      }
      entered.push(id);
      const [room, answered] = this.#enter(user, id);
      this.#sawVersion(id, membership[1]);
      if (wasLoaded) this.#options.onEntered(user, room, undefined, answered);
    }
    // A device at its hello waits also for those another device of the user entered a moment ago.
    const awaited = isCertain ? entered : user.rooms.keys();
    await this.#options.subscriptions.allAnswered(awaited.map(roomChannel));
  }

  /** A number of a room's log, from the bus or fetched. `text` is the frame. True if it was new. */
  deliverLog(room: Room, seq: number, text: Buffer): boolean {
    const frame = outFrame(text, false, room.id);
    if (!room.accept(seq, frame, this.#options.now())) return false;
    this.#options.fanOut.deliver(room, frame);
    return true;
  }

  /** Gives out what waits for the user's rooms, as far as they are small. */
  settle(user: User): void {
    for (const id of user.rooms.keys()) {
      const room = this.#rooms.get(id);
      if (room !== undefined) this.#options.fanOut.settle(room);
    }
  }

  /** The room as it stands at version `v`, to all members; from the bus or fetched. `text` is the frame. */
  tellRoom(room: Room, v: number, text: Buffer): void {
    room.v = Math.max(room.v, v);
    room.told = Math.max(room.told ?? 0, v);
    if (text.length > 0) this.#options.fanOut.deliver(room, outFrame(text, false, room.id));
  }

  #enter(user: User, id: string): readonly [Room, Promise<void>] {
    let room = this.#rooms.get(id);
    if (room === undefined) {
      room = new Room(id, this.#options.budget);
      this.#rooms.set(id, room);
    }
    const entered = room;
    this.#options.fanOut.settle(entered);
    entered.members.add(user);
    user.rooms.enter(entered);
    const answered = this.#options.subscriptions.acquire(
      roomChannel(id),
      (envelope) => this.#onRoomFrame(entered, envelope),
      () => this.#drop(entered),
    );
    return [entered, answered];
  }

  #sawVersion(id: string, v: number): void {
    const room = this.#rooms.get(id);
    if (room !== undefined && v > room.v) room.v = v;
  }

  #exit(user: User, id: string): void {
    if (this.#rooms.get(id)?.members.delete(user) !== true) return;
    this.#options.subscriptions.release(roomChannel(id));
  }

  #drop(room: Room): void {
    room.ring.clear();
    if (this.#rooms.get(room.id) === room) this.#rooms.delete(room.id);
  }

  #onRoomFrame(room: Room, envelope: Envelope): void {
    if (envelope.room !== room.id) {
      this.#options.logger.warn(
        { room: room.id, kind: envelope.kind },
        'a frame came on another room’s channel',
      );
      return;
    }
    switch (envelope.kind) {
      case Kind.log:
      case Kind.logs:
        if (!eachLog(envelope, (seq, text) => this.#forward(room, seq, text)))
          this.#options.logger.warn({ room: room.id }, 'frames on the bus are not whole');
        return;
      case Kind.removed:
        for (const user of [...room.members]) this.#remove(user, envelope);
        return;
      case Kind.read:
      case Kind.typing:
        return this.#options.asides.deliver(room, envelope);
      case Kind.room:
        this.tellRoom(room, envelope.number, envelope.body);
        return;
      case Kind.user:
      case Kind.prefs:
        break;
      case Kind.sessionEnded:
        return;
    }
    if (envelope.body.length > 0) this.#options.fanOut.deliver(room, outFrame(envelope.body, false, room.id));
  }

  #forward(room: Room, seq: number, text: Buffer): void {
    if (this.deliverLog(room, seq, text)) this.#options.onForwarded?.(room, seq);
  }

  #onUserSignal(userId: string, envelope: Envelope): void {
    const user = this.#users.get(userId);
    if (user === undefined) return;
    switch (envelope.kind) {
      case Kind.room:
        return this.#join(user, envelope);
      case Kind.removed:
        return this.#leave(user, envelope);
      case Kind.sessionEnded:
        return endSessions(user, envelope.body.toString('latin1'));
      case Kind.read:
      case Kind.user:
      case Kind.prefs:
      case Kind.typing:
      case Kind.log:
      case Kind.logs:
        if (envelope.body.length > 0) user.push(outFrame(envelope.body));
        // A bare one: something was said of the user that stands in their list.
        else void this.#options.confirm(user);
        return;
    }
  }

  #join(user: User, { room: id, number: head, body }: Envelope): void {
    user.epoch++;
    const v = versionIn(body);
    // Signals of two API nodes can overtake each other: a join told after the removal that ended it.
    if (user.departures.outdates(id, v, this.#options.now())) {
      void this.#options.confirm(user);
      return;
    }
    // The room is introduced before any of its frames.
    if (body.length > 0) user.push(outFrame(body, false, id));
    const known = user.rooms.get(id);
    user.rooms.set(id, [known?.[0] ?? head, Math.max(v, known?.[1] ?? 0), known?.[2] ?? 0]);
    if (known !== undefined) return;
    const [room, answered] = this.#enter(user, id);
    this.#options.onEntered(user, room, head, answered);
    // The removal may have been told before this gateway listened.
    void this.#options.confirm(user);
  }

  /** A removal that is not above what is known of the room may be a late one: the list decides, and without it, out. */
  #leave(user: User, envelope: Envelope): void {
    const known = user.rooms.get(envelope.room)?.[1];
    if (!user.isLoaded || known === undefined || envelope.number > known) {
      this.#remove(user, envelope);
      // Who was let in again at that same time may have come in at this version or below.
      void this.#options.confirm(user);
      return;
    }
    user.epoch++;
    void this.#options.confirm(user).then((isKnown) => {
      if (!isKnown) this.#remove(user, envelope);
    });
  }

  /** Out of the fan-out first, so that nothing of the room follows the notice. */
  #remove(user: User, { room: id, number: v, body }: Envelope): void {
    user.epoch++;
    user.departures.note(id, v, this.#options.now());
    user.rooms.delete(id);
    this.#exit(user, id);
    tellReady(user, body.length > 0 ? outFrame(body) : controlFrame({ type: 'room.removed', room: id, v }));
  }

  /** The removal's own signal was lost; its v was at least one above what is known. */
  #removeLost(user: User, id: string): void {
    const v = Math.max(user.rooms.get(id)?.[1] ?? 0, this.#rooms.get(id)?.v ?? 0) + 1;
    user.rooms.delete(id);
    this.#exit(user, id);
    tellReady(user, controlFrame({ type: 'room.removed', room: id, v }));
  }
}

/** A device still at its hello learns from `ready`, which lacks the room; or has it again, and then this would be late. */
function tellReady(user: User, frame: OutFrame): void {
  for (const device of user.devices) if (device.isReady) device.push(frame);
}

/** The room's `v` in a `room` frame; 0 where there is none. */
function versionIn(body: Buffer): number {
  try {
    const frame = JSON.parse(body.toString('utf8')) as { readonly room?: { readonly v?: unknown } } | null;
    const v = frame?.room?.v;
    return typeof v === 'number' && Number.isSafeInteger(v) ? v : 0;
  } catch {
    return 0; // as a bare signal
  }
}

/** `ended` is a session's id, or `*`. */
function endSessions(user: User, ended: string): void {
  for (const device of [...user.devices]) {
    if (ended === '*' || ended === device.session) device.close(CloseCode.sessionEnded, 'session ended');
  }
}
