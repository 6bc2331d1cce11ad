import type { Logger } from '../shared/node/logger.ts';
import type { PresenceState } from '../shared/wire/protocol.ts';
import { Announcer } from './announcer.ts';
import type { LoadMeter } from './load.ts';
import { controlFrame } from './out-frame.ts';
import { Outage } from './outage.ts';
import type { Leases, Listed } from './presence-leases.ts';
import type { Device } from './user.ts';

/** Who is online, to those who watch. */
export interface Presence {
  /** Replaces the set of users this device hears of. */
  watch(device: Device, users: readonly string[]): void;
  /** What the device's user may see has changed: it is told all it watches again. */
  review(device: Device): void;
  onClosed(device: Device): void;
}

const READ_INTERVAL = 3_000;
/** ms a user must be missing before they are called offline: a page that reloads is not a leave. */
const DEBOUNCE = 5_000;
/**
 * The same from when a gateway's lease is found to have ended: its sockets are coming back elsewhere. A crash is found
 * 10 to 18 s after it happened, so its users have that time as well, and are offline within 30 s.
 */
const RETURN_TIME = 8_000;
/** And from when Redis could not be read: gateways must first tell again who is there. */
const UNKNOWN_TIME = 30_000;

interface Watched {
  readonly watchers: Set<Device>;
  /** undefined while not known. */
  isOnline: boolean | undefined;
  /** Online, and at none of their devices. */
  isAway: boolean;
  /** Clock's ms when last listed, or when the watch began. */
  seenAt: number;
  /** Clock's ms when last at a device. */
  activeAt: number;
  lastSeen: string | undefined;
}
type Users = Parameters<Announcer['start']>[0];

/** Presence by leases: tells who is connected here, reads who is connected anywhere, sends differences. */
export class LeasePresence implements Presence {
  readonly #leases: Leases;
  readonly #now: () => number;
  readonly #announcer: Announcer;
  readonly #reading: Outage;
  readonly #watched = new Map<string, Watched>();
  readonly #sets = new Map<Device, readonly string[]>();
  /** Devices to which a frame was not sent: they get all they watch with the next reading. */
  readonly #behind = new Set<Device>();
  #timer: NodeJS.Timeout | undefined;
  #gateways: ReadonlySet<string> = new Set();
  #unknownUntil = 0;
  #isBusy = false;

  constructor(leases: Leases, logger: Logger, now: () => number) {
    this.#leases = leases;
    this.#now = now;
    this.#announcer = new Announcer(leases, logger, now);
    this.#reading = new Outage(logger, 'reading presence');
  }

  /** While `load` is high nothing is read or sent. */
  start(here: Users, load?: Pick<LoadMeter, 'shed'>): void {
    this.#announcer.start(here);
    this.#timer = setInterval(() => {
      if (load?.shed() !== true) void this.read();
    }, READ_INTERVAL).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#announcer.stop();
  }

  watch(device: Device, users: readonly string[]): void {
    this.onClosed(device);
    const wanted = [...new Set(users)];
    this.#sets.set(device, wanted);
    for (const user of wanted) this.#entry(user).watchers.add(device);
    this.#tellAll(device);
  }

  review(device: Device): void {
    if (this.#sets.has(device)) this.#tellAll(device);
  }

  onClosed(device: Device): void {
    for (const user of this.#sets.get(device) ?? []) {
      const entry = this.#watched.get(user);
      entry?.watchers.delete(device);
      if (entry?.watchers.size === 0) this.#watched.delete(user);
    }
    this.#sets.delete(device);
    this.#behind.delete(device);
  }

  /** Reads the state of all who are watched and sends what changed. Never rejects. */
  async read(): Promise<void> {
    if (this.#isBusy || this.#watched.size === 0) return;
    this.#isBusy = true;
    const isRead = await this.#reading.attempt(async () =>
      this.#apply(await this.#leases.read([...this.#watched.keys()])),
    );
    if (!isRead) this.#doubt(UNKNOWN_TIME);
    this.#isBusy = false;
  }

  #apply(answer: Listed): void {
    const now = this.#now();
    if ([...this.#gateways].some((gateway) => !answer.gateways.has(gateway))) this.#doubt(RETURN_TIME);
    this.#gateways = answer.gateways;
    const changed = new Map<Device, PresenceState[]>();
    for (const [user, entry] of this.#watched) {
      // Somebody who hides while they are watched goes without a word of when.
      if (answer.hidden.has(user)) entry.lastSeen = undefined;
      if (!this.#update(entry, answer.online.has(user), answer.away.has(user), now)) continue;
      for (const device of entry.watchers) {
        const states = changed.get(device) ?? [];
        states.push(stateOf(user, entry));
        changed.set(device, states);
      }
    }
    const behind = [...this.#behind];
    for (const [device, users] of changed) if (!this.#behind.has(device)) this.#tell(device, users);
    for (const device of behind) this.#tellAll(device);
  }

  /** All that is known of whom the device watches. */
  #tellAll(device: Device): void {
    const known = (this.#sets.get(device) ?? []).flatMap((user) => {
      const entry = this.#watched.get(user);
      return entry?.isOnline === undefined ? [] : [stateOf(user, entry)];
    });
    this.#behind.delete(device);
    if (known.length > 0) this.#tell(device, known);
  }

  #tell(device: Device, states: readonly PresenceState[]): void {
    const users = states.map((state) =>
      device.sees(state.user) ? state : { user: state.user, online: false },
    );
    if (!device.push(controlFrame({ type: 'presence', users }, true))) this.#behind.add(device);
  }

  /** True when the state changed. */
  #update(entry: Watched, isListed: boolean, isAway: boolean, now: number): boolean {
    const before = { ...entry };
    if (isListed) {
      if (!isAway) entry.activeAt = now;
      // The one device they are at may be coming back.
      entry.isAway = isAway && now - entry.activeAt >= DEBOUNCE;
      entry.seenAt = now;
      entry.lastSeen = new Date().toISOString();
      entry.isOnline = true;
    } else if (now >= this.#unknownUntil && now - entry.seenAt >= DEBOUNCE) {
      entry.isOnline = false;
    }
    return entry.isOnline !== before.isOnline || entry.isAway !== before.isAway;
  }

  #entry(user: string): Watched {
    let entry = this.#watched.get(user);
    if (entry === undefined) {
      entry = {
        watchers: new Set(),
        isOnline: undefined,
        isAway: false,
        seenAt: this.#now(),
        activeAt: -Infinity,
        lastSeen: undefined,
      };
      this.#watched.set(user, entry);
    }
    return entry;
  }

  #doubt(ms: number): void {
    this.#unknownUntil = Math.max(this.#unknownUntil, this.#now() + ms);
  }
}

function stateOf(user: string, entry: Watched): PresenceState {
  const online = entry.isOnline === true;
  if (online && entry.isAway) return { user, online, away: true };
  return { user, online, ...(online || entry.lastSeen === undefined ? {} : { lastSeen: entry.lastSeen }) };
}
