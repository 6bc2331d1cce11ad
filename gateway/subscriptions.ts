import type { Bus } from '../shared/node/bus.ts';
import { decodeEnvelope, type Envelope } from '../shared/node/envelope.ts';
import type { Logger } from '../shared/node/logger.ts';

interface Entry {
  count: number;
  /** When nobody was left (clock of the caller), while count is 0. */
  idleSince: number | undefined;
  answered: Promise<void>;
  readonly receive: (envelope: Envelope) => void;
  readonly onGone: () => void;
}

/**
 * Counted subscriptions: the first who needs a channel subscribes it, the last who leaves lets it linger (a client that
 * reconnects finds position and ring as they were), then it is unsubscribed. Serialised per channel.
 */
export class Subscriptions {
  readonly #bus: Bus;
  readonly #logger: Logger;
  readonly #lingerMs: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #idle = new Set<string>();
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(options: { bus: Bus; logger: Logger; lingerMs: number; now: () => number }) {
    this.#bus = options.bus;
    this.#logger = options.logger;
    this.#lingerMs = options.lingerMs;
    this.#now = options.now;
    this.#bus.onMessage((channel, message) => this.#dispatch(channel, message));
    this.#bus.onState((state) => {
      if (state === 'up') for (const entry of this.#entries.values()) entry.answered = Promise.resolve();
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Resolves when the subscription is answered. Rejects when Redis is away: the channel is held all the same and
   * subscribed on reconnect, so the caller must `release` it in either case. `onGone` is called once it is let go.
   */
  acquire(channel: string, receive: (envelope: Envelope) => void, onGone: () => void): Promise<void> {
    let entry = this.#entries.get(channel);
    if (entry === undefined) {
      const answered = this.#subscribe(channel);
      answered.catch(() => undefined); // each caller of acquire sees the failure
      entry = { count: 0, idleSince: undefined, answered, receive, onGone };
      this.#entries.set(channel, entry);
    }
    entry.count++;
    entry.idleSince = undefined;
    this.#idle.delete(channel);
    return entry.answered;
  }

  /** Resolves when a channel that is held is answered; rejects as `acquire` does. */
  answered(channel: string): Promise<void> {
    return this.#entries.get(channel)?.answered ?? Promise.resolve();
  }

  release(channel: string): void {
    const entry = this.#entries.get(channel);
    if (entry === undefined || entry.count === 0) return;
    entry.count--;
    if (entry.count > 0) return;
    entry.idleSince = this.#now();
    this.#idle.add(channel);
  }

  /** Lets go of what nobody needed for the linger time; called every second or so. `all`: at once. */
  sweep(all = false): Promise<void> {
    const now = this.#now();
    const gone: string[] = [];
    for (const channel of this.#idle) {
      const entry = this.#entries.get(channel);
      if (entry?.idleSince === undefined) continue;
      // Insertion order is order of leaving: the rest is younger.
      if (!all && now - entry.idleSince < this.#lingerMs) break;
      this.#idle.delete(channel);
      this.#entries.delete(channel);
      entry.onGone();
      gone.push(channel);
    }
    return gone.length === 0 ? Promise.resolve() : this.#unsubscribe(gone);
  }

  async #subscribe(channel: string): Promise<void> {
    await this.#leaving.get(channel);
    await this.#bus.subscribe([channel]);
  }

  async #unsubscribe(channels: readonly string[]): Promise<void> {
    const done = this.#bus.unsubscribe(channels).catch((error: unknown) => {
      this.#logger.warn({ err: error, channels: channels.length }, 'channels could not be unsubscribed');
    });
    for (const channel of channels) this.#leaving.set(channel, done);
    await done;
    for (const channel of channels) {
      if (this.#leaving.get(channel) === done) this.#leaving.delete(channel);
    }
  }

  #dispatch(channel: string, message: Buffer): void {
    const entry = this.#entries.get(channel);
    if (entry === undefined) return;
    const envelope = decodeEnvelope(message);
    if (envelope === undefined) {
      this.#logger.warn({ channel, bytes: message.length }, 'a message on the bus is no envelope');
      return;
    }
    entry.receive(envelope);
  }
}
