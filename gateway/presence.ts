import type { Logger } from '../shared/node/logger.ts';
import type { PresenceState } from '../shared/wire/protocol.ts';
import { controlFrame } from './out-frame.ts';
import type { Leases } from './presence-leases.ts';
import type { Device } from './user.ts';

/** Who is online, to those who watch. */
export interface Presence {
  /** Replaces the set of users this device hears of. */
  watch(device: Device, users: readonly string[]): void;
  onClosed(device: Device): void;
}

/** ms between renewals of the lease; who came or went is told with the next LIST_INTERVAL. */
const LEASE_INTERVAL = 5_000;
const LIST_INTERVAL = 1_000;
const READ_INTERVAL = 3_000;
/** ms a user must be missing before they are called offline: a page that reloads is not a leave. */
const DEBOUNCE = 5_000;
/** The same while a gateway went away, or Redis could not be read: their sockets are coming back elsewhere. */
const UNKNOWN_TIME = 30_000;

interface Watched {
  readonly watchers: Set<Device>;
  /** undefined while not known. */
  isOnline: boolean | undefined;
  /** Clock's ms when last listed, or when the watch began. */
  seenAt: number;
  lastSeen: string | undefined;
}
type Users = { readonly users: ReadonlyMap<string, unknown> };

/** Presence by leases: tells who is connected here, reads who is connected anywhere, sends differences. */
export class LeasePresence implements Presence {
  readonly #leases: Leases;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #watched = new Map<string, Watched>();
  readonly #sets = new Map<Device, readonly string[]>();
  readonly #timers: NodeJS.Timeout[] = [];
  #gateways: ReadonlySet<string> = new Set();
  #unknownUntil = 0;
  #isBusy = false;
  #told: ReadonlySet<string> = new Set();
  #leaseDue = 0;
  #isTelling = false;

  constructor(leases: Leases, logger: Logger, now: () => number) {
    this.#leases = leases;
    this.#logger = logger;
    this.#now = now;
  }

  start(here: Users): void {
    const announce = () => void this.announce(new Set(here.users.keys()));
    announce();
    this.#timers.push(setInterval(announce, LIST_INTERVAL).unref());
    this.#timers.push(setInterval(() => void this.read(), READ_INTERVAL).unref());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#attempt('released', () => this.#leases.release());
  }

  watch(device: Device, users: readonly string[]): void {
    this.onClosed(device);
    const wanted = [...new Set(users)];
    this.#sets.set(device, wanted);
    const known: PresenceState[] = [];
    for (const user of wanted) {
      const entry = this.#entry(user);
      entry.watchers.add(device);
      if (entry.isOnline !== undefined) known.push(stateOf(user, entry));
    }
    if (known.length > 0) device.push(controlFrame({ type: 'presence', users: known }, true));
  }

  onClosed(device: Device): void {
    for (const user of this.#sets.get(device) ?? []) {
      const entry = this.#watched.get(user);
      entry?.watchers.delete(device);
      if (entry?.watchers.size === 0) this.#watched.delete(user);
    }
    this.#sets.delete(device);
  }

  /** Tells who is here if that changed or the lease is due. Never rejects. */
  async announce(users: ReadonlySet<string>): Promise<void> {
    const isSame = users.size === this.#told.size && [...users].every((user) => this.#told.has(user));
    if (this.#isTelling || (isSame && this.#now() < this.#leaseDue)) return;
    this.#isTelling = true;
    await this.#attempt('announced', async () => {
      this.#leaseDue = this.#now() + LEASE_INTERVAL;
      await this.#leases.announce(users);
      this.#told = users;
    });
    this.#isTelling = false;
  }

  /** Reads the state of all who are watched and sends what changed. Never rejects. */
  async read(): Promise<void> {
    if (this.#isBusy || this.#watched.size === 0) return;
    this.#isBusy = true;
    await this.#attempt('read', async () => this.#apply(await this.#leases.read([...this.#watched.keys()])));
    this.#isBusy = false;
  }

  #apply(answer: { online: ReadonlySet<string>; gateways: ReadonlySet<string> }): void {
    const now = this.#now();
    if ([...this.#gateways].some((gateway) => !answer.gateways.has(gateway))) this.#doubt();
    this.#gateways = answer.gateways;
    const changed = new Map<Device, PresenceState[]>();
    for (const [user, entry] of this.#watched) {
      if (!this.#update(entry, answer.online.has(user), now)) continue;
      for (const device of entry.watchers) {
        const states = changed.get(device) ?? [];
        states.push(stateOf(user, entry));
        changed.set(device, states);
      }
    }
    for (const [device, users] of changed) device.push(controlFrame({ type: 'presence', users }, true));
  }

  /** True when the state changed. */
  #update(entry: Watched, isListed: boolean, now: number): boolean {
    const before = entry.isOnline;
    if (isListed) {
      entry.seenAt = now;
      entry.lastSeen = new Date().toISOString();
      entry.isOnline = true;
    } else if (now >= this.#unknownUntil && now - entry.seenAt >= DEBOUNCE) {
      entry.isOnline = false;
    }
    return entry.isOnline !== before;
  }

  #entry(user: string): Watched {
    let entry = this.#watched.get(user);
    if (entry === undefined) {
      entry = { watchers: new Set(), isOnline: undefined, seenAt: this.#now(), lastSeen: undefined };
      this.#watched.set(user, entry);
    }
    return entry;
  }

  #doubt(): void {
    this.#unknownUntil = this.#now() + UNKNOWN_TIME;
  }

  async #attempt(what: string, action: () => Promise<void> | void): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#doubt();
      this.#logger.warn({ err: error }, `presence could not be ${what}`);
    }
  }
}

function stateOf(user: string, entry: Watched): PresenceState {
  const online = entry.isOnline === true;
  return { user, online, ...(online || entry.lastSeen === undefined ? {} : { lastSeen: entry.lastSeen }) };
}
