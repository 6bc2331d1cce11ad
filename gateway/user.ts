import { Departures } from './departures.ts';
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
  /** Whether its user is in the room. */
  isIn(room: string): boolean;
  close(code: number, reason: string): void;
}

/** [readSeq, v, members] of a room, from the user's list. */
export type Membership = readonly [readSeq: number, v: number, members: number];

/** A user with at least one socket here. All of a user's devices share one set of rooms. */
export class User {
  readonly id: string;
  readonly devices = new Set<Device>();
  readonly rooms = new Map<string, Membership>();
  readonly departures = new Departures();
  /** Grows with every membership signal: a list read that began before one is not applied. */
  epoch = 0;
  /** False until a list was applied. */
  isLoaded = false;

  constructor(id: string) {
    this.id = id;
  }

  push(frame: OutFrame): void {
    for (const device of this.devices) device.push(frame);
  }
}
