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

const ANSWERED = Promise.resolve();
const nothing = (): void => undefined;

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
      if (state === 'up') for (const entry of this.#entries.values()) entry.answered = ANSWERED;
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Resolves when the subscription is answered. Rejects when Redis is away: the channel is held all the same and
   * subscribed on reconnect, so the caller must `release` it in either case. `onGone` is called once it is let go.
   */
  acquire(
    channel: string,
    receive: (envelope: Envelope) => void,
    onGone: () => void = nothing,
  ): Promise<void> {
    let entry = this.#entries.get(channel);
    if (entry === undefined) {
      const answered = this.#subscribe(channel);
      this.#settle(channel, answered);
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
    return this.#entries.get(channel)?.answered ?? ANSWERED;
  }

  /** Resolves when all of these are answered or have failed. */
  async allAnswered(channels: readonly string[]): Promise<void> {
    const open = channels
      .map((channel) => this.answered(channel))
      .filter((answered) => answered !== ANSWERED);
    if (open.length > 0) await Promise.allSettled(open);
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

  /** Once answered, a channel needs no promise of its own. Each caller of `acquire` sees a failure by itself. */
  #settle(channel: string, answered: Promise<void>): void {
    answered.then(
      () => {
        const entry = this.#entries.get(channel);
        if (entry?.answered === answered) entry.answered = ANSWERED;
      },
      () => undefined,
    );
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
