import type { Self } from '../shared/node/internal.ts';
import { Departures } from './departures.ts';
import { Memberships } from './memberships.ts';
import type { OutFrame } from './out-frame.ts';

/** One connected device, as the hub sees it. */
export interface Device {
  /** The login session it authenticated with. */
  readonly session: string;
  /** Whether `ready` is out; before, what is pushed waits. */
  readonly isReady: boolean;
  /** Bytes waiting for it. */
  readonly backlog: number;
  /** Rooms whose missing part is being fetched: no beat may speak for them. */
  readonly catchingUp: Set<string>;
  /** False if the frame was shed: only such that may be, while the reader is slow. */
  push(frame: OutFrame): boolean;
  /** The same for several, of `bytes` together; `frames` may be shared with others and does not change any more. */
  pushAll(frames: readonly OutFrame[], bytes: number): void;
  /** Whether its user may know if `user` is here. */
  sees(user: string): boolean;
  /** Whether its user is in the room. */
  isIn(room: string): boolean;
  close(code: number, reason: string): void;
}

/** A user with at least one socket here. All of a user's devices share one set of rooms. */
export class User {
  readonly id: string;
  readonly devices = new Set<Device>();
  readonly rooms = new Memberships();
  readonly departures = new Departures();
  /** Grows with every membership signal: a list read that began before one is not applied. */
  epoch = 0;
  /** False until a list was applied. */
  isLoaded = false;
  /** Version of what they set for themselves; see `ready`. */
  version = 0;
  /** Nobody may see whether they are here, nor they of anybody. */
  isHidden = false;
  #unseen: ReadonlySet<string> | undefined;
  #away: WeakSet<Device> | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** Whether they are at none of their devices. */
  get isAway(): boolean {
    if (this.#away === undefined) return false;
    for (const device of this.devices) if (!this.#away.has(device)) return false;
    return true;
  }

  setAway(device: Device, isAway: boolean): void {
    if (isAway) (this.#away ??= new WeakSet()).add(device);
    else this.#away?.delete(device);
  }

  /** Whether they may know if `other` is here. */
  sees(other: string): boolean {
    return !this.isHidden && this.#unseen?.has(other) !== true;
  }

  /** What an API node says of them. True when what they may see has changed. */
  adopt({ v, hidden = false, unseen = [] }: Self = { v: 0 }): boolean {
    const before = this.#unseen ?? new Set();
    const isSame =
      hidden === this.isHidden && unseen.length === before.size && unseen.every((user) => before.has(user));
    this.version = v;
    this.isHidden = hidden;
    this.#unseen = unseen.length === 0 ? undefined : new Set(unseen);
    return !isSame;
  }

  push(frame: OutFrame): void {
    for (const device of this.devices) device.push(frame);
  }

  /** Several frames, of `bytes` together, that do not change any more. */
  deliver(frames: readonly OutFrame[], bytes: number): void {
    for (const device of this.devices) device.pushAll(frames, bytes);
  }
}
