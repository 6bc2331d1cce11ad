import type { ReadyFrame, SeqByRoom } from '../shared/wire/protocol.ts';
import type { HeadReader } from './heads.ts';
import type { Hub } from './hub.ts';
import type { OutFrame } from './out-frame.ts';
import type { Reader, Resume } from './resume.ts';
import type { Room } from './room.ts';
import type { User } from './user.ts';

type WelcomeDeps = { readonly hub: Hub; readonly heads: HeadReader; readonly resume: Resume };

/** Collects what one `hello` is answered with: where the user's rooms stand, and what the client lacks of them. */
export class Welcome {
  readonly #deps: WelcomeDeps;
  readonly #user: User;
  /** What the client has, by room. */
  readonly #have: SeqByRoom;
  readonly #heads = new Map<string, number>();

  constructor(deps: WelcomeDeps, user: User, have: SeqByRoom) {
    this.#deps = deps;
    this.#user = user;
    this.#have = have;
  }

  /** True when every room of the user is known here; to be asked in the turn in which `rooms` is. */
  get isComplete(): boolean {
    return this.#missing().length === 0;
  }

  /** Reads the heads of the rooms that lack one, those included that the user entered while others were read. */
  async readHeads(): Promise<void> {
    const wishes = this.#missing().map((room) => ({ room, have: this.#have[room.id] ?? 0 }));
    for (const [id, head] of await this.#deps.heads.read(wishes)) this.#heads.set(id, head);
  }

  /** The rooms as `ready` tells them. */
  rooms(): ReadyFrame['rooms'] {
    const rooms: Record<string, readonly [number, number, number]> = {};
    for (const [id, [readSeq, v]] of this.#user.rooms) {
      const room = this.#deps.hub.rooms.get(id);
      if (room === undefined) continue;
      const version = Math.max(v, room.v);
      rooms[id] = [Math.max(this.#heads.get(id) ?? 0, room.top), readSeq, version];
      room.told ??= version;
    }
    return rooms;
  }

  /** What the client lacks of the rooms it named: replays and gaps. What must be fetched is pushed later. */
  replays(reader: Reader): OutFrame[] {
    const frames: OutFrame[] = [];
    let bytes = 0;
    for (const [id, seq] of Object.entries(this.#have)) {
      const room = this.#user.rooms.has(id) ? this.#deps.hub.rooms.get(id) : undefined;
      if (room === undefined) continue;
      for (const frame of this.#deps.resume.replay(reader, room, seq, bytes)) {
        frames.push(frame);
        bytes += frame.wire.length;
      }
    }
    return frames;
  }

  #missing(): Room[] {
    const rooms = [...this.#user.rooms.keys()].flatMap((id) => this.#deps.hub.rooms.get(id) ?? []);
    return rooms.filter((room) => !this.#heads.has(room.id));
  }
}
